/** SQLite's result codes that a journal can meet. */
const NAMES: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

/** Its low byte is the code; the rest says more, as in `SQLITE_BUSY_SNAPSHOT`. */
const PRIMARY = 0xff;

/**
 * The code of whatever SQLite or the system threw: `SQLITE_BUSY`, `ENOENT`; empty without one. libsql names the code,
 * node:sqlite gives its number.
 */
export function errorCode(error: unknown): string {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  if (typeof errcode === 'number') return NAMES[errcode & PRIMARY] ?? `SQLITE_${errcode}`;
  return typeof code === 'string' ? code : '';
}
