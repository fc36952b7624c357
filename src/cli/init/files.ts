import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NEWEST_API_VERSION } from '../../persona/contract.ts';
import { systemCodeOf } from '../../errors.ts';
import { tryWriting } from '../files/try-writing.ts';
import { version } from '../../text/version.ts';
import type { Language } from './languages.ts';
import { ORACLES } from './oracles.ts';
import { workflow, type CiName } from './workflows.ts';

export interface InitAnswers {
  readonly to: string;
  readonly start: string;
  readonly ci: CiName | undefined;
  readonly language: Language | undefined;
}

/** What a new project begins with: contents by paths. */
export function filesFor(
  { ci, language, ...answers }: InitAnswers,
  folder: string,
): Readonly<Record<string, string>> {
  const project = {
    $schema: schemaFor('project', { folder, above: './' }),
    to: answers.to,
    secret: { env: 'PERSONA_WEBHOOK_SECRET' },
    webhook: 'hookcast/webhook.json',
    baseline: 'hookcast/baseline.json',
  };
  const webhook = {
    $schema: schemaFor('webhook', { folder, above: '../' }),
    'api-version': NEWEST_API_VERSION,
    'api-key-inflection': 'kebab',
    'enabled-events': ['*'],
  };
  const oracle = language === undefined ? undefined : ORACLES[language.oracle.file];
  return {
    'hookcast.json': jsonText(project),
    'hookcast/webhook.json': jsonText(webhook),
    'hookcast/baseline.json': '[]\n',
    ...(language === undefined || oracle === undefined
      ? {}
      : { [`hookcast/${language.oracle.file}`]: oracle }),
    ...(ci === undefined ? {} : workflow(ci, { ...answers, language, version: version() })),
  };
}

/** @returns whether it was written: a file that is there stays as it is. @throws {FileError} */
export async function writeNew(folder: string, path: string, content: string): Promise<boolean> {
  try {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST' && existsSync(join(folder, path))) return false;
    return tryWriting(path, () => Promise.reject(error as Error)).then(() => false);
  }
}

/** The installed package's, which fits its version, or else the published one. */
function schemaFor(
  name: string,
  { folder, above }: { readonly folder: string; readonly above: string },
): string {
  const path = `node_modules/hookcast/dist/schemas/${name}.json`;
  const isInstalled = existsSync(join(folder, 'node_modules/hookcast'));
  return isInstalled
    ? `${above}${path}`
    : `https://unpkg.com/hookcast@${version()}/dist/schemas/${name}.json`;
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
