import { isatty } from 'node:tty';
import { systemCodeOf } from '../../errors.ts';
import type { Output } from '../io.ts';

type Stream = NodeJS.WriteStream & { fd: number };

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EIO: 'the terminal is gone, or the disk fails',
  EFBIG: 'the file is as large as it may be',
};

/** A fault of a stream, in words. */
export function outputFault(error: unknown): string {
  const code = systemCodeOf(error);
  return REASONS[code] ?? code;
}

/**
 * Writes to a stream of the process until that fails; what is written later is dropped.
 * @param onFault - called once; an EPIPE is that of a reader such as `head` that has seen enough
 */
export function outputOf(stream: Stream, onFault: (error: unknown) => void): Output {
  let isGone = false;
  stream.on('error', (error) => {
    if (isGone) return;
    isGone = true;
    onFault(error);
  });
  return {
    write: (text) => {
      if (!isGone) stream.write(text);
    },
    isTty: isatty(stream.fd),
    get columns() {
      return stream.isTTY ? stream.columns : 80;
    },
  };
}
