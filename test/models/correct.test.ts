import { describe, expect, test } from 'vitest';
import { faultsFound } from './judge.ts';
import { hasPython, startPythonReceiver } from './python-receiver.ts';
import { CORRECT_RECEIVERS, type CorrectReceiver } from './receivers.ts';

const KINDS = Object.keys(CORRECT_RECEIVERS) as CorrectReceiver[];
const LANGUAGES = {
  Node: (kind: CorrectReceiver) => CORRECT_RECEIVERS[kind]().start(),
  Python: startPythonReceiver,
};
const CASES = KINDS.flatMap((kind) => [
  { kind, language: 'Node' as const },
  { kind, language: 'Python' as const },
]);

/** Soak asks all that core, strict and probe ask; those alone, and many runs of each: correct-repeatedly.test.ts. */
describe('a correct receiver that', { timeout: 600_000 }, () => {
  for (const { kind, language } of CASES) {
    test.skipIf(language === 'Python' && !hasPython)(`${kind} gets no failure (${language})`, async () => {
      await using receiver = await LANGUAGES[language](kind);
      expect(await faultsFound(receiver, 'soak')).toEqual([]);
    });
  }
});
