import type { Redis } from 'ioredis';
import type { Writable } from 'node:stream';
import { HookcastError, UsageError } from '../../errors.ts';
import { systemClock } from '../../delivery/system-clock.ts';
import { CONNECT_LIMIT_MS, describeFailure, infoField, warningsFor } from './redis-info.ts';
import { RedisWatch } from './redis-watch.ts';
import { untilSteady } from './until-steady.ts';

/** Redis cannot be reached, refuses us, or was lost for longer than we wait. */
export class RedisError extends HookcastError {
  override name = 'RedisError' as const;
  override readonly exit = 'broken' as const;

  constructor(message: string, options?: ErrorOptions) {
    super('REDIS', message, options);
  }
}

export interface RedisOptions {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly url: string;
  /** How long a Redis that is lost in the middle is tried again, milliseconds. @default 60,000 */
  readonly patienceMs?: number | undefined;
  /** A hash that gets a field of ours: without it a Redis that was restarted has lost its data. */
  readonly marker?: string | undefined;
  readonly onLost?: ((address: string) => void) | undefined;
  readonly onBack?: ((afterMs: number) => void) | undefined;
}

/** A connection to Redis that is up. @internal its type is known only where ioredis is installed */
export interface RedisLink {
  readonly client: Redis;
  /** The URL without what is secret in it. */
  readonly address: string;
  /** What the user should know of this Redis although it stops nothing. */
  readonly warnings: readonly string[];
  /** Rejects when Redis was lost for longer than the patience, or came back without its data. */
  readonly lost: Promise<never>;
  /** Connected, and it answers. */
  readonly isUp: boolean;
  /** Resolves when it is known whether a Redis that was lost came back with its data. */
  checked(): Promise<void>;
  /** Resolves when no duplicate of the client is between two connections. */
  restored(): Promise<void>;
  close(): void;
}

const RETRY_MS = 250;
const MARKER_FIELD = 'hookcast';
const PATIENCE_MS = 60_000;
/** Commands to a write. */
const TOGETHER = 8;

/**
 * Connects. Loads ioredis, which only this needs.
 * @throws {UsageError} when the URL is not a Redis URL, or ioredis is not installed
 * @throws {RedisError} when there is no usable Redis, within a few seconds
 * @internal
 */
export async function connectRedis(options: RedisOptions): Promise<RedisLink> {
  const address = maskedAddress(options.url);
  const { Redis: RedisClient } = await loadPackage(() => import('ioredis'));
  const state = { isConnected: false, isClosed: false };
  const client = new RedisClient(options.url, {
    lazyConnect: true,
    connectTimeout: CONNECT_LIMIT_MS,
    disconnectTimeout: 200,
    // BullMQ demands it: commands wait for the connection instead of failing.
    maxRetriesPerRequest: null,
    retryStrategy: () => (!state.isConnected || state.isClosed ? null : RETRY_MS),
  });
  client.on('connect', () => writeTogether(client.stream));
  await connect(client, address);
  const info = await client.info();
  const warnings = await warningsFor(client, info);
  const marker = await marked(client, options.marker);
  state.isConnected = true;
  const { lost, watch, checked } = watchOver(client, info, { ...options, marker, address });
  const duplicates: Redis[] = [];
  return {
    client: silenced(client, duplicates),
    address,
    warnings,
    lost,
    checked,
    restored: () => untilSteady(duplicates),
    get isUp() {
      return client.status === 'ready' && !watch.isLost;
    },
    close: () => {
      state.isClosed = true;
      watch.close();
      client.disconnect();
    },
  };
}

function watchOver(client: Redis, info: string, options: RedisOptions & { readonly address: string }) {
  const { address, patienceMs = PATIENCE_MS } = options;
  let fail: (error: RedisError) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => (fail = reject));
  lost.catch(() => undefined); // Nobody may be listening yet.
  let checking = Promise.resolve();
  const watch = new RedisWatch(client, patienceMs, {
    onLost: () => options.onLost?.(address),
    onBack: (afterMs) => options.onBack?.(afterMs),
    onHopeless: () =>
      fail(new RedisError(`Redis at ${address} did not come back within ${patienceMs / 1000} s`)),
  });
  client.on('close', () => watch.lost());
  client.on('ready', () => {
    checking = lostItsData(client, info, options.marker).then(
      (isEmpty) => {
        if (isEmpty) {
          watch.close();
          fail(new RedisError(`Redis at ${address} was restarted and has lost what was in the queue`));
        } else watch.back();
      },
      () => undefined, // The connection was lost again, and is checked again when it is back.
    );
  });
  return { lost, watch, checked: () => checking };
}

/** Undefined where it cannot be written: that Redis is full, or read-only. */
async function marked(client: Redis, marker: string | undefined): Promise<string | undefined> {
  if (marker === undefined) return undefined;
  return client.hsetnx(marker, MARKER_FIELD, '1').then(
    () => marker,
    () => undefined,
  );
}

/** Was it restarted, and is the marker gone? Hosted ones may not tell their run. */
async function lostItsData(client: Redis, info: string, marker: string | undefined): Promise<boolean> {
  if (marker === undefined) return false;
  const runId = infoField(await client.info(), 'run_id');
  if (runId === undefined || runId === infoField(info, 'run_id')) return false;
  return (await client.hexists(marker, MARKER_FIELD)) === 0;
}

/** Imports an optional peer dependency. @throws {UsageError} that says what to install */
export async function loadPackage<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const message = 'a queue in Redis needs two packages that are not installed: npm install bullmq ioredis';
    throw new UsageError(message, { cause: error });
  }
}

/** A Redis URL that can be printed. @throws {UsageError} without the text, which may hold a password */
export function maskedAddress(text: string): string {
  const url = /^rediss?:\/\/[^/]/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && !canDecode(url))
    throw new UsageError(
      'the URL of Redis has a % that begins no escape; write %25 for a percent sign in a password',
    );
  if (url === undefined) {
    throw new UsageError(
      'the URL of Redis: expected one such as redis://127.0.0.1:6379, or rediss:// for TLS',
    );
  }
  const login = url.username + url.password === '' ? '' : '[secret]@';
  const path = url.pathname === '/' ? '' : url.pathname;
  return `${url.protocol}//${login}${url.hostname}:${url.port === '' ? '6379' : url.port}${path}`;
}

function canDecode({ username, password, pathname, search }: URL): boolean {
  try {
    decodeURIComponent(username + password + pathname + search);
    return true;
  } catch {
    return false;
  }
}

async function connect(client: Redis, address: string): Promise<void> {
  const causes: Error[] = [];
  // It tells the true cause here, and rejects with "Connection is closed". Without a listener it prints.
  client.on('error', (error) => causes.push(error));
  const limit = new AbortController();
  const tooLate = systemClock.sleep(CONNECT_LIMIT_MS, limit.signal).then(() => {
    throw new Error('no answer');
  });
  try {
    await Promise.race([client.connect().then(() => client.ping()), tooLate]);
  } catch (error) {
    client.disconnect();
    throw new RedisError(describeFailure(causes[0] ?? (error as Error), address), { cause: error });
  } finally {
    limit.abort();
    tooLate.catch(() => undefined);
  }
}

/**
 * Sends several commands of one turn of the event loop at once: a write for each, which wakes Redis each time, costs more
 * than the command. But not all of them, or Redis would have nothing to do until the turn is over.
 */
function writeTogether(stream: Writable): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let gathered = 0;
  const send = () => {
    if (gathered > 0) stream.uncork();
    gathered = 0;
  };
  stream.write = (...args: unknown[]) => {
    if (gathered === 0) {
      stream.cork();
      setImmediate(send);
    }
    const isRoom = write(...args);
    gathered += 1;
    if (gathered === TOGETHER) send();
    return isRoom;
  };
}

/** BullMQ would print the eviction policy to the console on each connection; the user has read it above. */
function silenced(client: Redis, duplicates: Redis[]): Redis {
  const info = client.info.bind(client) as (...args: unknown[]) => Promise<string>;
  const duplicate = client.duplicate.bind(client);
  return Object.assign(client, {
    // The client's own check of a new connection passes a callback.
    info: (...args: unknown[]) =>
      args.length > 0 ? info(...args) : info().then((text) => text.replace(/^maxmemory_policy:.*$/m, '')),
    duplicate: (...args: Parameters<typeof duplicate>) => {
      const copy = silenced(duplicate(...args), duplicates);
      duplicates.push(copy);
      return copy;
    },
  });
}
