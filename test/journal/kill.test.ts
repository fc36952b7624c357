import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { recordWebhook } from '../../src/journal/webhook-record.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { journalToll } from '../helpers/journal-toll.ts';
import { bundledChild, fickleReceiver, killAfter, killsFor, tellToll } from '../helpers/kills.ts';
import { SEED } from '../helpers/seed.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

// More of them: HOOKCAST_KILLS=500 HOOKCAST_SEED=1 npx vitest run test/journal/kill.test.ts, or npm run kills
const KILLS = killsFor('resume', 15);
const DELIVERIES = 15 * KILLS;
/** On a busy machine fewer kills have to do. */
const LONGEST_MS = Math.max(KILLS * 2_000, 10_000);

const bodyOf = (eventId: string) => `{"data":{"id":"${eventId}","amount":100.0}}`;

test(
  'resume, killed at any moment, loses, skips, settles twice or changes nothing',
  { timeout: 300_000 + LONGEST_MS },
  async () => {
    const random = seededRandom(SEED);
    await using folder = await temporaryFolder();
    await using receiver = await fickleReceiver(random);
    const path = `${folder.path}/kill.db`;
    const childPath = await bundledChild('resume-child.ts', folder.path);

    const journal = openJournal(path);
    const endpoint = { url: receiver.url, secrets: [{ secret: new Secret(DEVELOPMENT_SECRET) }] };
    const source = { from: 'development' } as const;
    const webhook = journal.addWebhook(
      recordWebhook(endpoint, { policy: DEFAULT_POLICY, salt: journal.salt, source }),
    );
    for (let n = 1; n <= DELIVERIES; n += 1) {
      const eventId = `evt_${n}`;
      const body = Buffer.from(bodyOf(eventId));
      const times = { createdAtMs: Date.now(), dueAtMs: Date.now() };
      journal.addDelivery({ eventId, eventName: 'inquiry.approved', webhook, body, ...times });
    }
    await journal.commit();
    journal.close();

    const start = () => spawn(process.execPath, [childPath, path], { stdio: ['pipe', 'ignore', 'inherit'] });
    let [kills, next] = [0, start()];
    const startedMs = performance.now();
    for (let isAtWork = true; isAtWork && kills < KILLS && performance.now() - startedMs < LONGEST_MS;) {
      const child = next;
      next = start();
      const killed = killAfter(receiver.nextRequest(), child, random.below(40));
      child.stdin.write('\n');
      isAtWork = await killed;
      if (isAtWork) kills += 1;
    }
    next.stdin.write('\n');
    const [code] = (await once(next, 'exit')) as [number];
    expect(code).toBe(0);
    expect(kills).toBeGreaterThan(0);
    const toll = await journalToll(path, receiver);
    tellToll('resume', { ...toll, kills, deliveries: toll.known.size });
    expect(toll).toMatchObject({ lost: [], twice: [] });
    expect(toll.known.size).toBe(DELIVERIES);
    const wrong = [...receiver.seen].filter(([id, seen]) => seen.some(({ body }) => body !== bodyOf(id)));
    expect(wrong).toEqual([]);
  },
);
