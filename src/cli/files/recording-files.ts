import { stat } from 'node:fs/promises';
import { diskRecordings, linesOf } from '../../recording/files.ts';
import type { RecordingFiles } from '../../recording/recording.ts';
import type { CommandContext } from '../context.ts';
import { readInput } from './read-body.ts';

const STANDARD_INPUT = '-';

/** Recordings on the disk, and `-` for standard input. What comes through a pipe comes once, and is kept. */
export function recordingFiles(context: CommandContext): RecordingFiles {
  const kept = new Map<string, Promise<Buffer>>();
  const piped = async (path: string): Promise<Buffer | undefined> => {
    if (path !== STANDARD_INPUT && !(await isPipe(path))) return undefined;
    const bytes = kept.get(path) ?? readOnce(path, context);
    kept.set(path, bytes);
    return bytes;
  };
  return {
    ...diskRecordings,
    isFolder: async (path) => path !== STANDARD_INPUT && (await diskRecordings.isFolder(path)),
    exists: async (path) => path === STANDARD_INPUT || (await diskRecordings.exists(path)),
    head: async (path, bytes) => (await piped(path))?.subarray(0, bytes) ?? diskRecordings.head(path, bytes),
    read: async (path) => (await piped(path)) ?? diskRecordings.read(path),
    lines: async function* (path) {
      const bytes = await piped(path);
      yield* bytes === undefined ? diskRecordings.lines(path) : linesOf([bytes]);
    },
  };
}

async function isPipe(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there !== undefined && (there.isFIFO() || there.isSocket());
}

async function readOnce(path: string, context: CommandContext): Promise<Buffer> {
  return path === STANDARD_INPUT ? readInput(context) : await diskRecordings.read(path);
}
