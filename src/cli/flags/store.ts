import { JournalError } from '../../journal/errors.ts';
import type { DeliveryStore } from '../../journal/delivery-store.ts';
import { shellQuoted } from '../../text/repeat-command.ts';
import { UsageError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { JOURNAL, journalOf, type JournalFlags } from './journal.ts';
import { reworded } from './flag.ts';
import { queueOptions, REDIS, type QueueFlags, type RedisFlags } from './redis.ts';

/** Where deliveries are looked up. */
export type StoreFlags = JournalFlags & Omit<RedisFlags, 'storeSecrets'>;

export interface OpenStore extends AsyncDisposable {
  readonly store: DeliveryStore;
  /** What names it again on a command line; a password is left out. */
  readonly named: string;
  /** Does a process hold it, or may one? Otherwise an attempt without an outcome was interrupted. */
  readonly isAtWork: boolean;
}

export const STORE = {
  journal: JOURNAL.journal,
  ...REDIS,
  redis: reworded(REDIS.redis, 'the Redis with the queue, instead of a journal'),
};

/** For the commands that read recordings: deliveries are as good. */
export const STORE_SOURCES = {
  journal: reworded(JOURNAL.journal, 'also the deliveries of this journal'),
  ...REDIS,
  redis: reworded(REDIS.redis, 'also the deliveries of the queue in this Redis'),
};

/** The one store that the flags or the environment name. @throws {UsageError | JournalError | RedisError} */
export function openNamedStore(flags: StoreFlags, context: CommandContext): Promise<OpenStore> {
  const { journal, redis } = flags;
  if (redis !== undefined && journal !== undefined) throw new UsageError('--journal and --redis: choose one');
  const source = redis ?? journalOf(flags, context);
  if (source === undefined)
    throw new UsageError(
      'no journal given: pass --journal hookcast.db (or set HOOKCAST_JOURNAL), or --redis for a queue',
    );
  return redis === undefined ? openFile(source) : openQueue(redis, flags, context);
}

/**
 * Opens a journal or a queue as a source of recordings: what a damaged journal has lost is left out, and said when
 * it is closed.
 */
export async function openSource(
  source: string,
  flags: QueueFlags,
  context: CommandContext,
): Promise<DeliveryStore> {
  const isQueue = /^rediss?:\/\//i.test(source);
  const { store } = await (isQueue ? openQueue(source, flags, context) : openFile(source));
  let lost = 0;
  return {
    list: (filter) => store.list(filter),
    find: (id) =>
      store.find(id).catch((error: unknown) => {
        if (!(error instanceof JournalError)) throw error;
        lost += 1;
        context.warn(`left out: ${error.message}`);
        return undefined;
      }),
    close: async () => {
      const unreadable = (store.unreadable ?? 0) - lost;
      if (unreadable > 0)
        context.warn(`${source}: the journal is damaged; ${unreadable} deliveries left out`);
      await store.close();
    },
  };
}

async function openFile(path: string): Promise<OpenStore> {
  const [{ openJournalStore }, { isHeld }] = await Promise.all([
    import('../../journal/sqlite/journal-store.ts'),
    import('../../journal/sqlite/lock.ts'),
  ]);
  const store = openJournalStore(path);
  return closing({ store, named: `--journal ${shellQuoted(path)}`, isAtWork: isHeld(path) });
}

async function openQueue(redis: string, flags: QueueFlags, context: CommandContext): Promise<OpenStore> {
  const { openQueueStore } = await import('../../queue/bullmq/store.ts');
  const { url, ...options } = queueOptions({ ...flags, redis }, context, 'Looking changes nothing.');
  const store = await openQueueStore(url, options);
  const queue = flags.queue === undefined ? '' : ` --queue ${flags.queue}`;
  return closing({ store, named: `--redis ${shellQuoted(store.address)}${queue}`, isAtWork: true });
}

function closing(open: Omit<OpenStore, keyof AsyncDisposable>): OpenStore {
  return { ...open, [Symbol.asyncDispose]: () => open.store.close() };
}
