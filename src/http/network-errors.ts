import { HookcastError } from '../errors.ts';

/** The innermost error: undici and Node wrap them, and two refused address families make an AggregateError. */
export function rootCause(error: Error): Error {
  if (error instanceof HookcastError) return error;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return rootCause(error.errors[0]);
  return error.cause instanceof Error ? rootCause(error.cause) : error;
}

export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
