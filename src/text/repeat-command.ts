/** The command line that runs one check again, with the same ids in its bodies; for a POSIX shell. */
export function repeatCommand(
  { url, checkId, seed }: { readonly url: string; readonly checkId: string; readonly seed: number },
  flags: readonly string[] = [],
): string {
  const words = ['--to', url, '--only', checkId, '--seed', String(seed), ...flags];
  return `hookcast conform ${words.map(shellWord).join(' ')}`;
}

/** In quotes where the shell would make something else of it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellQuoted(text);
}

export function shellQuoted(text: string): string {
  return `'${text.replaceAll(`'`, `'\\''`)}'`;
}
