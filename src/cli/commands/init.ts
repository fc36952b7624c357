import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { commandOf, flagsOf, type ValuesOf } from '../flags/flag.ts';
import { filesFor, writeNew, type InitAnswers } from '../init/files.ts';
import { languageOf } from '../init/languages.ts';
import { CI_NAMES, type CiName } from '../init/workflows.ts';

const EXAMPLES = `
Writes hookcast.json, a webhook, an empty baseline, a test oracle in the language of the project, and a workflow for
CI. Existing files are left unchanged.

Exit codes: 0 written, 2 wrong usage or a file that cannot be written, 130 interrupted.

Examples:
  $ hookcast init
  $ hookcast init --yes --ci gitlab
`;

const DEFAULT_URL = 'http://127.0.0.1:3000/webhooks';
const DEFAULT_START = 'npm start';

const FLAGS = flagsOf(undefined, {
  yes: { spelling: '--yes', description: 'ask nothing and take the defaults' },
  ci: {
    spelling: '--ci <name>',
    description: 'the workflow to write (default: the one found)',
    choices: CI_NAMES,
  },
  folder: { spelling: '--folder <path>', description: 'where to write (default: the working directory)' },
});
type Flags = ValuesOf<typeof FLAGS>;

export const configure = commandOf({ flags: [FLAGS], help: EXAMPLES, run: init });

async function init(flags: Flags, context: CommandContext): Promise<void> {
  const folder = flags.folder ?? process.cwd();
  const answers = await answersFor(flags, folder, context);
  if (answers === undefined) return;
  for (const [path, content] of Object.entries(filesFor(answers, folder))) {
    const isWritten = await writeNew(folder, path, content);
    context.print(isWritten ? `wrote       ${path}` : `kept        ${path} (it exists already)`);
  }
  printNext(answers, context);
}

/** Undefined when the user pressed Ctrl-C. @throws {UsageError} without a terminal */
async function answersFor(
  { yes, ci }: Flags,
  folder: string,
  { io }: CommandContext,
): Promise<InitAnswers | undefined> {
  const language = languageOf(folder);
  const found = ci ?? (existsSync(join(folder, '.gitlab-ci.yml')) ? 'gitlab' : 'github');
  const defaults = { to: DEFAULT_URL, start: language?.start ?? DEFAULT_START, ci: found, language };
  if (yes === true) return defaults;
  if (io.ask === undefined)
    throw new UsageError('init asks questions, and this is not a terminal; pass --yes to take the defaults');
  try {
    return await asked(io.ask, defaults, ci);
  } catch (error) {
    if (io.interrupted.aborted) return undefined;
    throw error;
  }
}

type Ask = (question: string) => Promise<string>;

async function asked(
  put: Ask,
  usual: InitAnswers & { readonly ci: CiName },
  given: CiName | undefined,
): Promise<InitAnswers> {
  const to = await askUrl(put, usual.to);
  const ci = given ?? (await askCi(put, usual.ci));
  const start = ci === undefined ? usual.start : await ask(put, 'How is your server started?', usual.start);
  return { ...usual, to, ci, start };
}

async function ask(put: Ask, question: string, usual: string): Promise<string> {
  const answer = (await put(`${question} (${usual}) `)).trim();
  return answer === '' ? usual : answer;
}

async function askUrl(put: Ask, usual: string): Promise<string> {
  const answer = await ask(put, 'Where does your receiver listen?', usual);
  if (/^https?:\/\/[^\s/]/i.test(answer) && URL.canParse(answer)) return answer;
  return askUrl((question) => put(`A URL that starts with http:// or https://, please.\n${question}`), usual);
}

async function askCi(put: Ask, usual: CiName): Promise<CiName | undefined> {
  const answer = await ask(put, 'A workflow for github, gitlab or none?', usual);
  if (answer === 'none') return undefined;
  return CI_NAMES.find((name) => name === answer) ?? askCi(put, usual);
}

function printNext({ language }: InitAnswers, context: CommandContext): void {
  if (language === undefined)
    context.note('no oracle: the language of the project is not known (see docs/conformance.md)');
  else
    context.print(
      `\nFor the checks on duplicates and order, complete hookcast/${language.oracle.file}, and:\n` +
        `  ${language.oracle.run}\n  hookcast conform --oracle-url http://127.0.0.1:3001/`,
    );
  context.print('\nNext, with your receiver running and PERSONA_WEBHOOK_SECRET set: hookcast doctor');
}
