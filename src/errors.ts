/**
 * Base of all errors that a user can cause and mend. `code` is stable and made for programs; the message says
 * what is wrong, where, and the likely mistake or next step. Everything that is not a `HookcastError` is our bug.
 */
export class HookcastError extends Error {
  override name: string = 'HookcastError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A flag, argument or option of the library whose value makes no sense. */
export class UsageError extends HookcastError {
  override name = 'UsageError' as const;

  constructor(message: string, options?: ErrorOptions) {
    super('USAGE', message, options);
  }
}

/** A file that cannot be read or written. */
export class FileError extends HookcastError {
  override name = 'FileError' as const;
  readonly path: string;
  /** A folder stands where a file was to be read. */
  readonly isFolder: boolean;

  constructor(path: string, reason: string, options?: ErrorOptions & { isFolder?: boolean }) {
    super('FILE', `${path}: ${reason}`, options);
    this.path = path;
    this.isFolder = options?.isFolder ?? false;
  }
}

/** A file whose content is not what it should be: `where` is the JSON path of the first fault. */
export class ContentError extends HookcastError {
  override name = 'ContentError' as const;
  readonly path: string;
  readonly where: string;

  constructor(path: string, fault: { where: string; expected: string; found: string; hint?: string }) {
    const hint = fault.hint === undefined ? '' : ` (${fault.hint})`;
    super('CONTENT', `${path}: at ${fault.where}: expected ${fault.expected}, found ${fault.found}${hint}`);
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
    super('UNKNOWN_NAME', `unknown ${what} '${unknown}'${guess}\n${help.hint}`);
    this.unknown = unknown;
    this.nearest = help.nearest;
  }
}
