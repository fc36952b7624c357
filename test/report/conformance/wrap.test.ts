import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrapCommand, wrapLink } from '../../../src/report/conformance/wrap.ts';
import { shellWord } from '../../../src/text/repeat-command.ts';

const SHAPE = { columns: 80, lead: '      repeat    ' };
/** Prints each of its words between line feeds. */
const WORDS = String.raw`printf '%s\n' `;

test.skipIf(process.platform === 'win32')(
  'a command that is broken is the same command for the shell',
  () => {
    const words = fc.array(
      fc.string({ unit: fc.constantFrom(...Array.from(`abc-:/?'"\\$ \`*~#&`)), maxLength: 90 }),
      {
        ...{ minLength: 1, maxLength: 8 },
      },
    );
    fc.assert(
      // Many for each shell, which takes longer to start than to run them.
      fc.property(fc.array(words, { minLength: 20 }), (commands) => {
        const lines = commands.flatMap((given) => wrapCommand(WORDS + given.map(shellWord).join(' '), SHAPE));
        const script = lines.map((line) => line.slice(SHAPE.lead.length)).join('\n');
        const printed = commands.flat().map((word) => `${word}\n`);
        expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(printed.join(''));
      }),
      { numRuns: 5 },
    );
  },
);

test('no line of it is wider than the columns, unless one word is', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', '-', "'"), minLength: 1, maxLength: 50 }));
  fc.assert(
    fc.property(words, (given) => {
      for (const line of wrapCommand(given.map(shellWord).join(' '), SHAPE))
        expect(line.length <= 80 || !/\S \S.* \\\\?$/.test(line.trim())).toBe(true);
    }),
  );
});

test('a link that does not fit beside its label stands below it', () => {
  const lead = '      page      ';
  expect(wrapLink(`https://a/${'x'.repeat(54)}`, { columns: 80, lead })).toEqual([
    `${lead}https://a/${'x'.repeat(54)}`,
  ]);
  expect(wrapLink(`https://a/${'x'.repeat(55)}`, { columns: 80, lead })).toEqual([
    '      page',
    `      https://a/${'x'.repeat(55)}`,
  ]);
});
