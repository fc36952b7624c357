import { UsageError } from '../../errors.ts';
import { parseAssignment, type Override } from '../../event/overrides.ts';
import type { EventOptions } from '../../simulator/deps.ts';
import { printable } from '../../text/printable.ts';
import { flagsOf, GROUP, type Flag, type ValuesOf } from './flag.ts';
import { RUN } from './run.ts';
import { urlAdvice } from './usage-advice.ts';

/** The flags that say what the event is like; `set`, `add` and `remove` are one list, in the order of the command line. */
export type EventFlags = Omit<ValuesOf<typeof EVENT>, 'scenario' | 'only' | Overriding> & {
  readonly [Name in Overriding]?: Override[];
};

type Overriding = Override['kind'];

/** Anew for each run: --set, --add and --remove fill one list, since their order counts. */
export function eventFlags(): Flag[] {
  const overrides: Override[] = [];
  const into = (parse: (text: string) => Override) => (text: string) => {
    overrides.push(parse(text));
    return overrides;
  };
  const { referenceId, id, set, add, remove, fixture, keep, seed, at } = EVENT;
  return [
    ...[referenceId, id],
    { ...set, parse: into((text) => parseAssignment('set', text)) },
    { ...add, parse: into((text) => parseAssignment('add', text)) },
    { ...remove, parse: into((path) => ({ kind: 'remove', path })) },
    ...[fixture, keep, seed, at],
  ];
}

const EVENT = {
  ...RUN,
  ...flagsOf(GROUP.what, {
    id: { spelling: '--id <id>', description: 'id of the object (inq_…), or of the event (evt_…)' },
    set: {
      spelling: '--set <path=text>',
      description: 'change an attribute; path:=json for a value that is not text',
    },
    add: { spelling: '--add <path=text>', description: 'add an attribute that the fixture does not have' },
    remove: { spelling: '--remove <path>', description: 'remove an attribute' },
    fixture: {
      spelling: '--fixture <path>',
      description: 'your own JSON file, or a folder of files named after their events',
    },
    keep: { spelling: '--keep', description: `keep the fixture's own ids and times instead of fresh ones` },
  }),
};

/** The event options of the library. @throws {UsageError} for flags that contradict each other */
export function eventOptions(flags: EventFlags): EventOptions {
  const { set, add, remove, referenceId, id, fixture, keep, at } = flags;
  if (keep === true && at !== undefined)
    throw new UsageError('--keep keeps the times of the fixture, and --at sets them; choose one');
  return { overrides: set ?? add ?? remove, referenceId, id, fixture, keep, at };
}

/** Recognises what was given in place of the name of an event. @throws {UsageError} */
export function checkEventNames(names: readonly string[]): void {
  for (const name of names) {
    if (/^https?:\/\//i.test(name)) throw new UsageError(urlAdvice(name));
    const shown = printable(name, 80);
    if (name.includes('*'))
      throw new UsageError(
        `'${shown}' is a pattern, and events are sent by name; patterns are for: ` +
          `hookcast events '${shown}', and hookcast load --mix '${shown}'`,
      );
  }
}
