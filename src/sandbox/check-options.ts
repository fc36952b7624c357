import { UsageError } from '../errors.ts';
import { fromValue, type JsonValue } from '../json/node.ts';
import { validate } from '../json/validate.ts';
import { didYouMean } from '../text/nearest.ts';
import type { SandboxOptions } from './create-sandbox.ts';
import { parseFault } from './faults.ts';
import type { Seed } from './seed.ts';
import { DECISIONS } from './settings.ts';

/** What each option must be, in words and as a test; those without a test are checked by whoever uses them. */
const RULES: Readonly<Record<keyof SandboxOptions, Rule | undefined>> = {
  port: ['a whole number from 0 to 65535, or false', (value) => value === false || isWhole(value, 65_535)],
  host: ['an address of this machine, such as 127.0.0.1', (value) => typeof value === 'string'],
  seed: ['an object (read a file with loadSeed)', (value) => typeof value === 'object' && value !== null],
  webhooks: ['a list of webhooks, such as [{ url: "http://localhost:3000/hook" }]', Array.isArray],
  decide: [DECISIONS.join(', '), (value) => DECISIONS.some((known) => known === value)],
  decideAfterMs: ['whole milliseconds, 0 or more', (value) => isWhole(value, Number.MAX_SAFE_INTEGER)],
  lenient: ['true or false', (value) => typeof value === 'boolean'],
  faults: ['a list of strings, such as ["429:3"]', isStrings],
  randomSeed: ['a whole number', Number.isSafeInteger],
  timeScale: [
    'a number above 0, or Infinity, with which retries do not wait',
    (value) => typeof value === 'number' && value > 0,
  ],
  onCall: ['a function', isFunction],
  onHint: ['a function', isFunction],
  ...{ policy: undefined, clock: undefined, sender: undefined, fixtures: undefined },
  ...{ allowRemote: undefined, insecure: undefined, ca: undefined, sourceAddress: undefined },
};

type Rule = readonly [expected: string, isRight: (value: unknown) => boolean];

function isWhole(value: unknown, most: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

/** For callers that no type checker has read. @throws {UsageError | ContentError} */
export async function checkOptions(options: SandboxOptions): Promise<void> {
  const names = Object.keys(RULES);
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (!names.includes(name))
      throw new UsageError(`createSandbox has no option \`${name}\`${didYouMean(name, names)}`);
    const rule = RULES[name as keyof SandboxOptions];
    if (value !== undefined && rule?.[1](value) === false)
      throw new UsageError(`\`${name}\` ${shown(value)}: expected ${rule[0]}`);
  }
  options.faults?.forEach(parseFault);
  if (options.seed !== undefined) await checkSeed(options.seed);
}

/** The schema is loaded for a seed alone. */
async function checkSeed(given: Seed): Promise<void> {
  const { seedSchema } = await import('./seed.ts');
  // Undefined members are as good as none; a seed file cannot have them.
  const seed = JSON.parse(JSON.stringify(given)) as JsonValue;
  validate(seedSchema, fromValue(seed), '`seed`');
}

/** Numbers and texts: all else may be large or hold secrets. */
function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
