import { readdirSync, readFileSync } from 'node:fs';

/** The pages of docs/ about checks, and how they are read. */
export const folderOf = (path: string) => new URL(`../../docs/${path}`, import.meta.url);
export const read = (page: string) => readFileSync(folderOf(page), 'utf8');
export const familyPages = readdirSync(folderOf('checks')).filter((name) => name !== 'README.md');
export const pages = [...familyPages.map((name) => `checks/${name}`), 'conformance.md'];
