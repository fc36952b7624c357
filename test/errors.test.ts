import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as library from '../src/index.ts';
import { ContentError, FileError, HookcastError, UnknownNameError, UsageError } from '../src/errors.ts';

interface FoundClass {
  readonly name: string;
  readonly parent: string;
  /** Undefined where it is the cause's or the parent's. */
  readonly code: string | undefined;
  readonly isBroken: boolean;
}

const OURS = new Map<string, FoundClass>();
for (const found of errorClasses()) OURS.set(found.name, found);

/** Every class of the source that descends from HookcastError, by its text: a new one cannot be forgotten. */
function errorClasses(): FoundClass[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  const classes = files.flatMap((path) => {
    const text = readFileSync(`src/${path}`, 'utf8');
    return [...text.matchAll(/class (\w+) extends (\w+Error)\b[^]*?\n\}/g)].map(
      ([body, name = '', parent = '']): FoundClass => ({
        name,
        parent,
        code: /super\(\s*'([A-Z_]+)'/.exec(body)?.[1],
        isBroken: /override readonly exit = 'broken'/.test(body),
      }),
    );
  });
  const descendants = new Set(['HookcastError']);
  for (let before = 0; before < descendants.size;) {
    before = descendants.size;
    for (const { name, parent } of classes) if (descendants.has(parent)) descendants.add(name);
  }
  return classes.filter(({ name }) => descendants.has(name));
}

function inherited(name: string): FoundClass {
  const found = OURS.get(name)!;
  const parent = OURS.get(found.parent);
  if (parent === undefined) return found;
  return {
    ...found,
    code: found.code ?? inherited(parent.name).code,
    isBroken: found.isBroken || inherited(parent.name).isBroken,
  };
}

/** Rows of the table in docs/library.md. */
const rows = readFileSync('docs/library.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, name, code, exit] = /^\| `(\w+Error)` *\| ([^|]+?) *\| ([^|]+?) *\|/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, code, exit }];
  });

describe('error classes', () => {
  it('are all found', () => {
    expect(OURS.size).toBeGreaterThan(15);
  });

  it.each([...OURS.keys()])('%s is exported from the library', (name) => {
    const exported: unknown = Reflect.get(library, name);
    expect(exported).toBeTypeOf('function');
    expect((exported as typeof HookcastError).prototype).toBeInstanceOf(HookcastError);
  });

  it('are all in the table of docs/library.md, once, and nothing else is', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...OURS.keys()].sort());
  });

  it.each(rows)('$name has the code and exit of the table', ({ name, code, exit }) => {
    const found = inherited(name);
    if (name === 'LoadStoppedError') {
      expect([code, exit]).toEqual([`its cause's`, `its cause's`]);
      return;
    }
    if (name === 'ProblemError') {
      expect([code, exit]).toEqual(['its own', 'usage']);
      return;
    }
    expect(code).toBe(`\`${found.code ?? ''}\``);
    if (name === 'FileError') expect(exit).toBe('usage or broken');
    else expect(exit).toBe(found.isBroken ? 'broken' : 'usage');
  });
});

describe('messages', () => {
  it.each([
    ['a name', new UnknownNameError('event', 'a\u001b[31m\n\u009b', { nearest: [], hint: 'all: x' })],
    ['a path', new FileError('/a\u001b[31m\n\u009b', 'there is no such file')],
    [
      'the content of a file',
      new ContentError('f\u009b', { where: 'a.\u001b', expected: 'b', found: '\n\u001b[31m' }),
    ],
    ['any text', new UsageError('bad \u001b]0;title\u0007')],
  ])('escape control characters of %s', (_, error) => {
    expect(error.message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it.each([
    ['ENOSPC', 'broken'],
    ['EIO', 'broken'],
    ['ENOENT', 'usage'],
  ])('a file fault %s is %s', (code, exit) => {
    const cause = Object.assign(new Error(), { code });
    expect(new FileError('a', 'b', { cause }).exit).toBe(exit);
  });
});
