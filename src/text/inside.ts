import { isAbsolute, relative, sep } from 'node:path';

/** Does the path lead into the folder? That of the folder itself does not, nor that of one whose name begins alike. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
