import { parseDurationMs } from '../../delivery/time-scale.ts';
import { UsageError } from '../../errors.ts';
import { diskFiles } from '../../fixture/files.ts';
import { parseFault } from '../../sandbox/faults.ts';
import { DECISIONS } from '../../sandbox/settings.ts';
import type { MountedSandboxOptions } from '../../server/sandbox/mount-sandbox.ts';
import { printable } from '../../text/printable.ts';
import type { CommandContext } from '../context.ts';
import { flagsOf, type ValuesOf } from './flag.ts';
import { collect } from './values.ts';

export type SandboxFlags = ValuesOf<typeof SANDBOX>;

export const SANDBOX = flagsOf("Persona's API (docs/sandbox.md):", {
  decide: {
    spelling: '--decide <decision>',
    description: 'how an inquiry ends by itself (default: none)',
    choices: DECISIONS,
  },
  decideAfter: {
    spelling: '--decide-after <duration>',
    description: 'from the creation of an inquiry to its decision (default: 2s)',
  },
  seedFile: { spelling: '--seed-file <file>', description: 'JSON: what the API holds at the start' },
  lenient: { spelling: '--lenient', description: 'ignore unknown attributes and parameters, with a warning' },
  fault: {
    spelling: '--fault <fault>',
    description: '429, 500, 503 (or 503:2 for two), latency:250ms, stale-read:5s, early-event',
    parse: collect,
  },
});

/** @throws {UsageError | ContentError | FileError} */
export async function sandboxOptions(
  flags: SandboxFlags & { readonly json?: boolean | undefined },
  context: CommandContext,
): Promise<MountedSandboxOptions> {
  const { decide, decideAfter, seedFile, lenient, fault: faults = [] } = flags;
  const decideAfterMs = decideAfter === undefined ? undefined : parseDurationMs(decideAfter);
  if (decideAfter !== undefined && decideAfterMs === undefined)
    throw new UsageError(`--decide-after ${decideAfter}: expected a duration such as 2s or 5m`);
  faults.forEach(parseFault);
  return {
    seed: seedFile === undefined ? {} : await readSeed(seedFile),
    options: {
      ...{ decide, decideAfterMs, lenient, faults },
      onCall: (call) => {
        if (flags.json === true) context.print(JSON.stringify({ type: 'call', ...call }));
        else context.print(`${call.method} ${printable(call.path)} ${call.status}`);
      },
      onHint: (sentence) => context.warn(printable(sentence, 500)),
    },
  };
}

/** Loaded only when there is a file: it brings the schemas. */
async function readSeed(path: string): Promise<MountedSandboxOptions['seed']> {
  const { loadSeed } = await import('../../sandbox/seed.ts');
  return loadSeed(path, diskFiles);
}
