import { HookcastError, type ExitClass } from '../errors.ts';
import type { LoadResult } from './result.ts';

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
