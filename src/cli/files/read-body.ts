import { FileError, systemCodeOf } from '../../errors.ts';
import { diskFiles } from '../../fixture/files.ts';
import { doubtOf } from '../../text/utf8.ts';
import type { CommandContext } from '../context.ts';

/** The bytes of a file, or with `-` those of standard input. @throws {FileError} */
export async function readBody(path: string, context: CommandContext): Promise<Buffer> {
  const bytes = path === '-' ? readInput(context) : await diskFiles.read(path);
  const doubt = doubtOf(bytes);
  if (doubt !== undefined) context.warn(`${path}: ${doubt}; are these the bytes that arrived?`);
  return bytes;
}

/** All of standard input. @throws {FileError} */
export function readInput({ io }: CommandContext): Buffer {
  try {
    return io.readInput?.() ?? Buffer.alloc(0);
  } catch (error) {
    // A terminal that another program reads, or a stream that was closed.
    throw new FileError('standard input', `cannot be read (${systemCodeOf(error)})`, { cause: error });
  }
}
