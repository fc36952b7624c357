import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import configure from '../vitest.config.ts';
import { EXHAUSTIVE, leftOutNotice, SAMPLED } from './left-out.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `test/${file.replaceAll('\\', '/')}`);

test.each([
  ['sample', { quick: 'sample' }],
  ['test', { quick: 'all', exhaustive: 'all' }],
])('mode %s: %j', (mode, expected) => {
  const { test: settings } = configure({ mode, command: 'serve' });
  const projects = settings?.projects as TestProjectInlineConfiguration[];
  const told = projects.map((project) => [project.test?.name, project.test?.env?.['HOOKCAST_TESTS']]);
  expect(Object.fromEntries(told)).toEqual(expected);
});

test('every file that takes a sample is told, and no other', () => {
  const sampling = files.filter((file) =>
    /from '.*\/helpers\/sample\.ts'/.test(readFileSync(root + file, 'utf8')),
  );
  expect(sampling.sort()).toEqual(Object.keys(SAMPLED).sort());
});

test('every file that is left out is there, and is not sampled, too', () => {
  const names = Object.keys(EXHAUSTIVE);
  expect(names.filter((name) => !existsSync(root + name) || name in SAMPLED)).toEqual([]);
});

test('the last lines of a sample name each file once, and the command that runs all', () => {
  const notice = leftOutNotice();
  for (const name of [...Object.keys(EXHAUSTIVE), ...Object.keys(SAMPLED)]) {
    expect(notice.split(name)).toHaveLength(2);
  }
  expect(notice).toContain('npm run test:all');
});
