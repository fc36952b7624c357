import { printable, printableLines } from './text/printable.ts';

/** Who has to mend it: `usage`, the call or a file of the user's; `broken`, what the run depends on. */
export type ExitClass = 'usage' | 'broken';

/**
 * Base of all errors that a user can cause and mend. `code` is stable and made for programs; the message says
 * what is wrong, where, and the likely mistake or next step; control characters in it are escaped. Options of the
 * library are named in backticks. Everything that is not a `HookcastError` is a bug of hookcast.
 */
export class HookcastError extends Error {
  override name: string = 'HookcastError';
  readonly code: string;
  /** What the command line ends with: 2 for `usage`, 3 for `broken`. */
  readonly exit: ExitClass = 'usage';

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(printableLines(message), options);
    this.code = code;
  }
}

/** A flag, argument or option of the library whose value makes no sense. */
export class UsageError extends HookcastError {
  override name = 'UsageError' as const;
  /** The names that were probably meant, the closest first. */
  readonly nearest: readonly string[];

  constructor(message: string, options?: ErrorOptions & { readonly nearest?: readonly string[] }) {
    super('USAGE', message, options);
    this.nearest = options?.nearest ?? [];
  }
}

/** Faults of the machine, which another path or flag does not mend. */
const MACHINE_FAULTS = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EBADF', 'EMFILE', 'ENFILE', 'EPIPE']);

/** A file that cannot be read or written. */
export class FileError extends HookcastError {
  override name = 'FileError' as const;
  override readonly exit: ExitClass;
  readonly path: string;
  /** A folder stands where a file was to be read. */
  readonly isFolder: boolean;

  constructor(path: string, reason: string, options?: ErrorOptions & { isFolder?: boolean }) {
    super('FILE', `${printable(path, Infinity)}: ${reason}`, options);
    this.path = path;
    this.isFolder = options?.isFolder ?? false;
    this.exit = MACHINE_FAULTS.has(systemCodeOf(options?.cause)) ? 'broken' : 'usage';
  }
}

/** A file whose content is not what it should be: `where` is the JSON path of the first fault. */
export class ContentError extends HookcastError {
  override name = 'ContentError' as const;
  readonly path: string;
  readonly where: string;

  constructor(
    path: string,
    fault: { where: string; expected: string; found: string; hint?: string | undefined },
  ) {
    const hint = fault.hint === undefined ? '' : ` (${fault.hint})`;
    const text = `${path}: at ${fault.where}: expected ${fault.expected}, found ${fault.found}${hint}`;
    super('CONTENT', printable(text, Infinity));
    this.path = path;
    this.where = fault.where;
  }
}

/** A name that is not on its list; `nearest` holds the closest names that are. */
export class UnknownNameError extends HookcastError {
  override name = 'UnknownNameError' as const;
  readonly unknown: string;
  readonly nearest: readonly string[];

  constructor(what: string, unknown: string, help: { nearest: readonly string[]; hint: string }) {
    const guess = help.nearest.length === 0 ? '' : `; did you mean ${help.nearest.join(', ')}?`;
    super('UNKNOWN_NAME', `unknown ${what} '${printable(unknown)}'${guess}\n${help.hint}`);
    this.unknown = unknown;
    this.nearest = help.nearest;
  }
}

/** The system's name of a fault (`ENOSPC`), or an empty text. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
