import type { Redis } from 'ioredis';
import { HookcastError, UsageError } from '../../errors.ts';
import { systemClock } from '../../delivery/system-clock.ts';

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
  readonly onLost?: ((address: string) => void) | undefined;
  readonly onBack?: ((afterMs: number) => void) | undefined;
}

/** A connection to Redis that is up. */
export interface RedisLink {
  readonly client: Redis;
  /** The URL without what is secret in it. */
  readonly address: string;
  /** What the user should know of this Redis although it stops nothing. */
  readonly warnings: readonly string[];
  /** Rejects when Redis was lost for longer than the patience. */
  readonly lost: Promise<never>;
  readonly isUp: boolean;
  close(): void;
}

const CONNECT_LIMIT_MS = 4_000;
const RETRY_MS = 250;
const PATIENCE_MS = 60_000;

/**
 * Connects. Loads ioredis, which only this needs.
 * @throws {UsageError} when the URL is none, or ioredis is not installed
 * @throws {RedisError} when there is no usable Redis, within a few seconds
 */
export async function connectRedis(options: RedisOptions): Promise<RedisLink> {
  const address = maskedAddress(options.url);
  const { Redis: RedisClient } = await loadPackage(() => import('ioredis'));
  const state = { isConnected: false, lostSinceMs: 0, isClosed: false };
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  const client = new RedisClient(options.url, {
    lazyConnect: true,
    connectTimeout: CONNECT_LIMIT_MS,
    disconnectTimeout: 200,
    // BullMQ demands it: commands wait for the connection instead of failing.
    maxRetriesPerRequest: null,
    retryStrategy: () => {
      const isHopeless = state.lostSinceMs > 0 && systemClock.now() - state.lostSinceMs > patienceMs;
      return !state.isConnected || state.isClosed || isHopeless ? null : RETRY_MS;
    },
  });
  await connect(client, address);
  const warnings = await warningsFor(client);
  state.isConnected = true;
  const lost = new Promise<never>((_, reject) => {
    client.on('close', () => {
      if (state.isClosed || state.lostSinceMs > 0) return;
      state.lostSinceMs = systemClock.now();
      options.onLost?.(address);
    });
    client.on('ready', () => {
      if (state.lostSinceMs > 0) options.onBack?.(systemClock.now() - state.lostSinceMs);
      state.lostSinceMs = 0;
    });
    client.on('end', () => {
      const message = `Redis at ${address} did not come back within ${patienceMs / 1000} s`;
      if (!state.isClosed) reject(new RedisError(message));
    });
  });
  lost.catch(() => undefined); // Nobody may be waiting.
  return {
    client: silenced(client),
    address,
    warnings,
    lost,
    get isUp() {
      return client.status === 'ready';
    },
    close: () => {
      state.isClosed = true;
      client.disconnect();
    },
  };
}

/** Imports an optional peer dependency. @throws {UsageError} that says what to install */
export async function loadPackage<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const message = '--redis needs two packages that are not installed: npm install bullmq ioredis';
    throw new UsageError(message, { cause: error });
  }
}

/** A Redis URL that can be printed. @throws {UsageError} without the text, which may hold a password */
export function maskedAddress(text: string): string {
  const url = /^rediss?:\/\/[^/]/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) {
    throw new UsageError('--redis: expected a URL such as redis://127.0.0.1:6379, or rediss:// for TLS');
  }
  const login = url.username + url.password === '' ? '' : '[secret]@';
  const path = url.pathname === '/' ? '' : url.pathname;
  return `${url.protocol}//${login}${url.hostname}:${url.port === '' ? '6379' : url.port}${path}`;
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

function describeFailure(error: Error, address: string): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const text = `${code} ${error.message}`;
  const row = FAILURES.find(({ pattern }) => pattern.test(text));
  const reason = row?.reason ?? error.message.replace(/[^ -~]/g, '?').slice(0, 100);
  const advice = row?.advice ?? 'is it a Redis, and is the URL right?';
  return `no Redis at ${address}: ${reason}; ${advice}`;
}

const FAILURES: readonly { pattern: RegExp; reason: string; advice: string }[] = [
  {
    pattern: /ECONNREFUSED/,
    reason: 'nothing listens there',
    advice: 'start one with redis-server, or say another --redis <url>',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN/,
    reason: 'the host name cannot be looked up',
    advice: 'is there a typo in --redis?',
  },
  {
    pattern: /NOAUTH/,
    reason: 'it wants a password',
    advice: 'say redis://:<password>@host:port',
  },
  {
    pattern: /WRONGPASS|invalid password|AUTH/,
    reason: 'it refuses the user or password of the URL',
    advice: 'say redis://<user>:<password>@host:port, special characters as %40 and the like',
  },
  {
    pattern: /SSL|TLS|certificate|EPROTO/i,
    reason: 'TLS failed',
    advice:
      'does it speak plain redis://, or is its certificate from an authority of your own (NODE_EXTRA_CA_CERTS)?',
  },
  {
    pattern: /Protocol error/,
    reason: 'what listens there is no Redis',
    advice: 'is the port right?',
  },
  {
    pattern: /no answer|ETIMEDOUT|Connection is closed|ECONNRESET/,
    reason: `it does not answer (tried for ${CONNECT_LIMIT_MS / 1000} s)`,
    advice: 'is the address right, does a firewall stand between, does it want rediss://?',
  },
];

async function warningsFor(client: Redis): Promise<string[]> {
  const text = await client.info();
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1];
  const version = field('redis_version') ?? '';
  const policy = field('maxmemory_policy') ?? 'noeviction';
  const keeps = field('aof_enabled') !== '0' || (await snapshots(client));
  const warnings: readonly [boolean, string][] = [
    [isOld(version), `Redis ${version} is older than 6.2, which BullMQ asks for`],
    [field('dragonfly_version') !== undefined, 'this is Dragonfly, with which hookcast was never tried'],
    [
      policy !== 'noeviction',
      `Redis may throw deliveries away when its memory is full (maxmemory-policy ${policy}); set noeviction`,
    ],
    [!keeps, 'Redis keeps nothing on disk (no append-only file, no snapshots): its restart loses all'],
  ];
  return warnings.filter(([applies]) => applies).map(([, warning]) => warning);
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 6 || (major === 6 && minor < 2);
}

/** Hosted ones do not say; then nothing is claimed. */
async function snapshots(client: Redis): Promise<boolean> {
  const answer: unknown = await client.config('GET', 'save').catch(() => undefined);
  return !Array.isArray(answer) || answer[1] !== '';
}

/** BullMQ would print the eviction policy to the console on each connection; the user has read it above. */
function silenced(client: Redis): Redis {
  const info = client.info.bind(client) as (...args: unknown[]) => Promise<string>;
  const duplicate = client.duplicate.bind(client);
  return Object.assign(client, {
    // The client's own check of a new connection passes a callback.
    info: (...args: unknown[]) =>
      args.length > 0 ? info(...args) : info().then((text) => text.replace(/^maxmemory_policy:.*$/m, '')),
    duplicate: (...args: Parameters<typeof duplicate>) => silenced(duplicate(...args)),
  });
}
