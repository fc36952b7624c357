import type { Redis } from 'ioredis';

export const CONNECT_LIMIT_MS = 4_000;

/** A field of what `INFO` answers. */
export function infoField(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

/** Why no connection came about, and what to do. */
export function describeFailure(error: Error, address: string): string {
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
    advice: 'start one with redis-server, or pass the URL of another',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN/,
    reason: 'the host name cannot be looked up',
    advice: 'is there a typo in the URL?',
  },
  {
    pattern: /NOAUTH/,
    reason: 'it wants a password',
    advice: 'use redis://:<password>@host:port',
  },
  {
    pattern: /WRONGPASS|invalid password|AUTH/,
    reason: 'it refuses the user or password of the URL',
    advice: 'use redis://<user>:<password>@host:port, with special characters escaped (%40 for @)',
  },
  {
    pattern: /SSL|TLS|certificate|EPROTO/i,
    reason: 'TLS failed',
    advice:
      'does it speak plain redis://, or is its certificate from an authority of your own (NODE_EXTRA_CA_CERTS)?',
  },
  {
    pattern: /Protocol error/,
    reason: 'what listens there is not a Redis',
    advice: 'is the port right?',
  },
  {
    pattern: /no answer|ETIMEDOUT|Connection is closed|ECONNRESET/,
    reason: `it does not answer (tried for ${CONNECT_LIMIT_MS / 1000} s)`,
    advice: 'is the address right, does a firewall stand between, does it want rediss://?',
  },
];

/** What the user should know of this Redis although it stops nothing. */
export async function warningsFor(client: Redis, info: string): Promise<string[]> {
  const field = (name: string) => infoField(info, name);
  const version = field('redis_version') ?? '';
  const policy = field('maxmemory_policy') ?? 'noeviction';
  const keeps = field('aof_enabled') !== '0' || (await snapshots(client));
  const warnings: readonly [boolean, string][] = [
    [isOld(version), `Redis ${version} is older than 6.2, which BullMQ asks for`],
    [field('dragonfly_version') !== undefined, 'this is Dragonfly, which hookcast was never tested with'],
    [
      policy !== 'noeviction',
      `Redis may throw deliveries away when its memory is full (maxmemory-policy ${policy}); set noeviction`,
    ],
    [!keeps, 'Redis keeps nothing on disk (no append-only file, no snapshots): a restart loses everything'],
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
