import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CommandContext } from '../context.ts';

/** The program of each platform that opens a file as a double click does. */
function openerFor(path: string): readonly [command: string, ...argv: string[]] {
  // `start` takes the first quoted argument for the window's title.
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '', path];
  return [process.platform === 'darwin' ? 'open' : 'xdg-open', path];
}

/** Opens a file and leaves the browser to itself. A machine without one gets a warning: the file is there. */
export async function openInBrowser(path: string, context: CommandContext): Promise<void> {
  const [command, ...argv] = openerFor(path);
  const child = spawn(command, argv, { detached: true, stdio: 'ignore', env: { ...context.io.env } });
  try {
    await once(child, 'spawn');
    child.on('error', () => undefined);
    child.unref();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? `${command} is not installed` : String(code);
    context.warn(`${path} cannot be opened (${reason}): open it yourself`);
  }
}
