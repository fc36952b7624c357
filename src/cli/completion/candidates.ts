import type { Command, Option } from 'commander';
import { SHELLS } from './scripts.ts';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

type Names = () => Promise<readonly string[]>;

const events: Names = async () => (await import('../../persona/event-names.ts')).EVENT_NAMES;
const scenarios: Names = async () => (await import('../../scenario/load.ts')).SCENARIO_NAMES;
const checks: Names = async () => (await import('../../conformance/suite.ts')).CHECKS.map(({ id }) => id);
const policies: Names = async () =>
  (await import('../../persona/policies.ts')).POLICIES.map(({ name }) => name);
const formats: Names = async () =>
  (await import('../../report/conformance/index.ts')).REPORT_FORMAT_NAMES.map((name) => name);

/** Names that stand behind a flag, by command and flag, or by flag alone. Each list is loaded when it is asked for. */
const BEHIND_FLAGS: Readonly<Record<string, Names>> = {
  'conform --only': checks,
  'conform --skip': checks,
  'conform --explain': checks,
  'conform --report': formats,
  '--only': events,
  '--until': events,
  '--event': events,
  '--mix': events,
  '--scenario': scenarios,
  '--policy': policies,
};

const ARGUMENTS: Readonly<Record<string, Names>> = {
  send: events,
  show: events,
  explain: events,
  events,
  scenario: scenarios,
  completion: () => Promise.resolve(SHELLS),
};

/**
 * What may stand where the last word is, and begins with it; none where a file may.
 * @param words - behind `hookcast`, the last one unfinished and perhaps empty
 */
export async function candidates(program: Command, words: readonly string[]): Promise<Candidate[]> {
  const last = words.at(-1) ?? '';
  // How the script for PowerShell has to spell an empty word: older versions drop one that is really empty.
  const word = last === '""' ? '' : last;
  const all = await unfiltered(program, [...words.slice(0, -1), word]);
  return all.filter(({ value }) => value.startsWith(word) && value !== '');
}

async function unfiltered(program: Command, words: readonly string[]): Promise<Candidate[]> {
  // The command of help is commander's own, and not among the others.
  if (words.length < 2 || words[0] === 'help') return commandsOf(program);
  const command = program.commands.find((each) => each.name() === words[0]);
  return command === undefined ? [] : within(command, words);
}

async function within(command: Command, words: readonly string[]): Promise<Candidate[]> {
  const [before = '', word = ''] = words.slice(-2);
  const option = command.options.find(({ long }) => long === before);
  if (option?.required === true) return named(await valuesOf(command, option));
  if (word.startsWith('-')) return command.options.map(flag);
  return named((await ARGUMENTS[command.name()]?.()) ?? []);
}

async function valuesOf(command: Command, { long, argChoices }: Option): Promise<readonly string[]> {
  if (argChoices !== undefined) return argChoices;
  const names = BEHIND_FLAGS[`${command.name()} ${long ?? ''}`] ?? BEHIND_FLAGS[long ?? ''];
  return (await names?.()) ?? [];
}

function commandsOf(program: Command): Candidate[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ value: command.name(), description: command.summary() }));
}

function flag({ long, flags, description }: Option): Candidate {
  return { value: long ?? flags, description };
}

function named(names: readonly string[]): Candidate[] {
  return names.map((value) => ({ value, description: '' }));
}
