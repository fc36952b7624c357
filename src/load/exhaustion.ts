import { HookcastError, type ExitClass } from '../errors.ts';
import type { LoadResult } from './result.ts';

const REASONS: Readonly<Record<string, string>> = {
  EMFILE: 'this process may open no more files (ulimit -n)',
  ENFILE: 'the whole machine may open no more files',
  EADDRNOTAVAIL: 'no local port is left for another connection',
  ENOBUFS: 'the system has no memory left for another connection',
};

/** Not the receiver's doing: this machine cannot make another connection. */
export function isExhaustion(code: string): boolean {
  return Object.hasOwn(REASONS, code);
}

/** `EMFILE: this process may open no more files (ulimit -n)` */
export function describeExhaustion(code: string): string {
  return `${code}: ${REASONS[code] ?? 'no connection can be made'}`;
}

/** The run stopped, since this machine could not continue it. */
export class ExhaustedError extends HookcastError {
  override name = 'ExhaustedError' as const;
  override readonly exit = 'broken' as const;
  readonly exhaustion: string;

  constructor(exhaustion: string) {
    super(
      'EXHAUSTED',
      `no more connections can be opened. ${describeExhaustion(exhaustion)}; lower \`concurrency\`, or wait until old connections are gone`,
    );
    this.exhaustion = exhaustion;
  }
}

/** A load run that could not go on; its `code` and message are the cause's. */
export class LoadStoppedError extends HookcastError {
  override name = 'LoadStoppedError' as const;
  override readonly exit: ExitClass;
  /** What was done until then. */
  readonly result: LoadResult;

  constructor(cause: HookcastError, result: LoadResult) {
    super(cause.code, cause.message, { cause });
    this.exit = cause.exit;
    this.result = result;
  }
}
