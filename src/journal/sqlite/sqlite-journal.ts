import { randomBytes } from 'node:crypto';
import { attemptCount } from '../../delivery/schedule.ts';
import { JournalError } from '../errors.ts';
import type { Journal } from '../journal.ts';
import { attemptRows } from './attempt-rows.ts';
import { openDatabase } from './driver/choose.ts';
import { GroupCommit } from './group-commit.ts';
import type { JournalFile } from './journal-file.ts';
import { startLoadRun } from './load-run.ts';
import type { Lock } from './lock.ts';
import { noteRows } from './notes.ts';
import { pendingRows } from './pending-rows.ts';
import { digestOf } from './read-rows.ts';
import { RequestInbox } from './request-inbox.ts';
import { gatheredRows, prepareStatements } from './statements.ts';
import {
  keepInterrupted,
  lastId,
  prepareFile,
  readWebhooks,
  setDurability,
  settingOf,
  timesOf,
} from './write-rows.ts';

/**
 * `normal` may lose the last commits when the machine (not the process) crashes. `auto` is `normal` as long as all
 * that is pending are deliveries of load runs.
 */
export type Durability = 'full' | 'normal' | 'auto';

/** A journal that is written; see `openJournal`. */
export function writtenJournal(path: string, lock: Lock, durability: Durability = 'full'): Journal {
  const file = openFile(path, durability);
  const { database, statements, group } = file;
  const salt = settingOf(database, 'salt') ?? randomBytes(16).toString('hex');
  statements.set.run('salt', salt);
  statements.set.run('pid', String(process.pid));
  keepInterrupted(database);
  const webhooks = webhookRows(file);
  const notes = noteRows(file);
  const deliveries = deliveryRows(file, { ...webhooks, ...notes, isAuto: durability === 'auto' });
  const pending = pendingRows(file);
  let isClosed = false;
  const inbox = new RequestInbox(file, { ...deliveries, ...pending });
  // What was asked of a run that ended before it looked.
  inbox.carryOutAll();
  return {
    ...{ path, salt, broken: group.broken },
    ...webhooks,
    ...deliveries,
    ...pending,
    ...notes,
    ...attemptRows(file, {
      ...notes,
      webhookFor: ({ delivery, webhook = pending.webhookOf(delivery) ?? 0 }) =>
        webhooks.webhooks().get(webhook),
    }),
    commit: () => group.commit(),
    commitNow: () => group.commitNow(),
    carryOut: (request) => inbox.carryOut(request),
    onChange: (listener, holder) => inbox.onChange(listener, holder),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      inbox.close();
      close(file, lock);
    },
  };
}

function openFile(path: string, durability: Durability): JournalFile {
  const database = openDatabase(path);
  const rows = gatheredRows(database);
  const group = new GroupCommit(path, database, Object.values(rows));
  prepareFile(path, database);
  setDurability(database, durability);
  return { path, database, rows, group, statements: prepareStatements(database) };
}

function close({ path, database, statements, group }: JournalFile, lock: Lock): void {
  try {
    if (!group.broken.aborted) {
      group.commitNow();
      statements.set.run('pid', null);
      // One tidy file, where nobody else has it open.
      database.pragma('journal_mode = DELETE');
    }
  } catch {
    // What was promised is on disk; the rest is cosmetic.
  } finally {
    lock.release();
    database.close();
    group.fail(new JournalError(path, 'the journal was closed'));
  }
}

function webhookRows({ database, statements, group }: JournalFile) {
  const webhooks = readWebhooks(database);
  return {
    webhooks: () => webhooks,
    addWebhook: (webhook) => {
      const configuration = JSON.stringify(webhook);
      for (const [id, known] of webhooks) if (JSON.stringify(known) === configuration) return id;
      const id = Math.max(0, ...webhooks.keys()) + 1;
      group.write(() => statements.addWebhook.run(id, webhook.url, configuration));
      webhooks.set(id, webhook);
      return id;
    },
  } satisfies Partial<Journal>;
}

function deliveryRows(
  file: JournalFile,
  { webhooks, addExtras, isAuto }: Pick<Journal, 'webhooks' | 'addExtras'> & { readonly isAuto: boolean },
) {
  const { statements, group } = file;
  let nextId = lastId(file.database, 'deliveries') + 1;
  return {
    addDelivery: (delivery) => {
      const { eventId, eventName, webhook, body, skipped = false, resendOf = null, extras } = delivery;
      const id = nextId++;
      const policy = webhooks().get(webhook)?.policy;
      const total = policy === undefined ? 0 : attemptCount(policy);
      const state = skipped ? 'skipped' : 'pending';
      if (isAuto) group.syncFromNext();
      group.write(() => {
        statements.addBody.run(id, body, digestOf(body));
        const values = [id, eventId, eventName, webhook, id, resendOf, state, total, ...timesOf(delivery)];
        statements.addDelivery.run(...values);
        if (extras !== undefined) addExtras(id, extras);
      });
      return id;
    },
    resend: (delivery, atMs) => {
      const id = nextId++;
      if (isAuto) group.syncFromNext();
      group.write(() => statements.resend.run(id, atMs, atMs, delivery));
      return id;
    },
    startLoad: (run) => startLoadRun(run, file, () => nextId++),
    reschedule: ({ fromMs, nowMs, passedMs, timeScale, stoodStill, deliveries }) => {
      const ids = deliveries === undefined ? null : JSON.stringify(deliveries);
      const isStill = stoodStill === true ? 1 : 0;
      group.write(() => statements.reschedule.run(timeScale, fromMs, passedMs, nowMs, ids, isStill));
    },
    waits: (delivery, { attemptsMade, firstAtMs, dueAtMs, wait: { sinceMs, delayMs, timeScale } }) => {
      const values = [attemptsMade, firstAtMs, sinceMs, delayMs, dueAtMs, timeScale, delivery];
      group.write(() => statements.place.run(...values));
    },
    settle: (delivery, state, atMs) => group.write(() => statements.settle.run(state, atMs, delivery)),
    limitWaits: (nowMs) => group.write(() => statements.limitWaits.run(nowMs)),
  } satisfies Partial<Journal>;
}
