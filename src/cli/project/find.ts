import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const PROJECT_FILE = 'hookcast.json';

/**
 * The project file of a folder: there, or above it up to the root of its repository. Outside of a repository only the
 * folder itself counts, since anyone may have written above it.
 */
export function findProject(folder: string): string | undefined {
  return foldersToRoot(folder)
    .map((each) => join(each, PROJECT_FILE))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

function foldersToRoot(folder: string): string[] {
  const folders = [folder];
  for (let each = folder; !isRepository(each);) {
    const above = dirname(each);
    if (above === each) return [folder];
    folders.push(above);
    each = above;
  }
  return folders;
}

/** `.git` is a folder, or in a worktree a file. */
function isRepository(folder: string): boolean {
  return statSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined;
}
