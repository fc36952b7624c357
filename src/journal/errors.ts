import { HookcastError } from '../errors.ts';

/** A journal that cannot be used as asked: no such file, none of ours, a newer one, too damaged. */
export class JournalError extends HookcastError {
  override name = 'JournalError' as const;
  readonly path: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super('JOURNAL', `${path}: ${reason}`, options);
    this.path = path;
  }
}

/** Nothing more can be written down, so nothing more is sent. */
export class JournalBrokenError extends HookcastError {
  override name = 'JournalBrokenError' as const;
  override readonly exit = 'broken' as const;
  readonly path: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(
      'JOURNAL_BROKEN',
      `${path}: ${reason}; stopped before the next request, nothing left unwritten`,
      options,
    );
    this.path = path;
  }
}

/** Another process works on the journal. */
export class JournalHeldError extends HookcastError {
  override name = 'JournalHeldError' as const;
  override readonly exit = 'broken' as const;
  readonly path: string;
  /** Absent where it could not be read. */
  readonly pid: number | undefined;
  /** For people. */
  readonly holder: string;

  constructor(path: string, pid: number | undefined) {
    const holder = pid === undefined ? 'another process' : `process ${pid}`;
    super('JOURNAL_HELD', `${path}: ${holder} is working on this journal; end it first`);
    this.path = path;
    this.pid = pid;
    this.holder = holder;
  }
}
