import { statSync, watch, type FSWatcher } from 'node:fs';
import { connect } from 'node:net';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { systemClock } from '../../delivery/system-clock.ts';
import { FileError, systemCodeOf } from '../../errors.ts';

/** Shorter than a restart. Only a connection is opened and closed: a receiver never sees a request. */
const POLL_MS = 200;
const CONNECT_MS = 2_000;
/** Editors and compilers write several files, and each more than once. */
const SETTLE_MS = 300;

export interface WatchedThings {
  readonly urls: readonly URL[];
  /** Files and folders; of a folder, all that is below it. */
  readonly paths: readonly string[];
  /** What the run itself writes: changes of it mean nothing. */
  readonly ignored: readonly string[];
}

/** Notices changes of files from its creation on, and receivers that go away and come back while `next` waits. */
export class Changes {
  readonly #urls: readonly URL[];
  readonly #ignored: readonly string[];
  readonly #watchers: readonly FSWatcher[];
  readonly #changed = new AbortController();
  #path = '';

  /** @throws {FileError} for a path that cannot be watched */
  constructor({ urls, paths, ignored }: WatchedThings) {
    this.#urls = urls;
    this.#ignored = ignored.map((path) => resolve(path));
    this.#watchers = paths.map((path) => this.#watch(path));
  }

  /** What changed, in words, once the files have settled; undefined when the signal aborts. */
  async next(signal: AbortSignal): Promise<string | undefined> {
    const either = AbortSignal.any([signal, this.#changed.signal]);
    let wasAway = false;
    while (!either.aborted) {
      const isUp = (await Promise.all(this.#urls.map(takesConnections))).every(Boolean);
      if (isUp && wasAway) return 'the receiver is back';
      wasAway ||= !isUp;
      await systemClock.sleep(POLL_MS, either).catch(() => undefined);
    }
    const isSettled = await systemClock.sleep(SETTLE_MS, signal).then(
      () => true,
      () => false, // Ctrl-C.
    );
    return isSettled ? `${this.#path} changed` : undefined;
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(path: string): FSWatcher {
    try {
      // Editors replace a file by another: its folder notices that.
      const isFolder = statSync(path).isDirectory();
      const folder = isFolder ? path : dirname(path);
      const watcher = watch(folder, { recursive: isFolder }, (_, name) => {
        if (name === null || (!isFolder && name !== basename(path))) return;
        this.#notice(join(folder, name));
      });
      // A folder that is removed while it is watched.
      watcher.on('error', () => undefined);
      return watcher;
    } catch (error) {
      const reason =
        systemCodeOf(error) === 'ENOENT' ? 'there is no such file or folder' : 'cannot be watched';
      throw new FileError(path, reason, { cause: error });
    }
  }

  #notice(path: string): void {
    const full = resolve(path);
    const isOwn = this.#ignored.some((own) => full === own || full.startsWith(own + sep));
    const isUnwritten = /^\..*\.tmp$/.test(basename(path));
    const isForeign = /(?:^|[\\/])(?:node_modules|\.git)(?:[\\/]|$)/.test(path);
    if (isOwn || isUnwritten || isForeign) return;
    this.#path = path;
    this.#changed.abort();
  }
}

function takesConnections({ hostname, port, protocol }: URL): Promise<boolean> {
  return new Promise((settle) => {
    const usual = protocol === 'https:' ? 443 : 80;
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? usual : Number(port),
    });
    const answer = (isUp: boolean) => {
      socket.destroy();
      settle(isUp);
    };
    socket.setTimeout(CONNECT_MS, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
