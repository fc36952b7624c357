import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import type { Random } from '../../src/ports.ts';
import { journalToll } from '../helpers/journal-toll.ts';
import {
  fickleReceiver,
  killAfter,
  killsFor,
  spawnCommand,
  tellToll,
  type FickleReceiver,
} from '../helpers/kills.ts';
import { runCli } from '../helpers/run-cli.ts';
import { SEED } from '../helpers/seed.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const NAMES = ['inquiry.created', 'inquiry.started', 'inquiry.completed', 'inquiry.approved'];
/** What is killed, and how many events it takes on: all, before the first one leaves. */
const KINDS: [string, string[], number][] = [
  ['send', ['send', ...NAMES], NAMES.length],
  ['scenario', ['scenario', 'inquiry-failed'], 12],
];

/** In its start, at its first request or at a later one, and some milliseconds after. */
function killMoment(random: Random, receiver: FickleReceiver): { moment: Promise<void>; waitMs: number } {
  const place = random.below(10);
  if (place === 0) return { moment: Promise.resolve(), waitMs: random.below(400) };
  return { moment: receiver.nextRequest(place < 5 ? 0 : random.below(12)), waitMs: random.below(25) };
}

describe.each(KINDS)('%s, killed at any moment', (kind, argv, events) => {
  const wanted = killsFor(kind, 5);
  const timeout = 300_000 + wanted * 10_000;

  test('has kept what it printed, and resume delivers all of it', { timeout }, async () => {
    const random = seededRandom(SEED);
    await using folder = await temporaryFolder();
    await using receiver = await fickleReceiver(random);
    const path = `${folder.path}/kill.db`;
    const flags = ['--journal', path, '--time-scale', '1000000'];
    const printed = new Set<string>();
    let kills = 0;
    for (let runs = 0; kills < wanted && runs < 3 * wanted; runs += 1) {
      const { moment, waitMs } = killMoment(random, receiver);
      const run = spawnCommand([...argv, '--to', receiver.url.href, ...flags]);
      if (await killAfter(moment, run.child, waitMs)) kills += 1;
      for (const [eventId] of run.printed().matchAll(/evt_\w{24}/g)) printed.add(eventId);
    }
    expect(kills).toBe(wanted);
    const resumed = await runCli(['resume', ...flags, '--quiet']);
    expect(resumed.stderr).toBe('');
    const toll = await journalToll(path, receiver, printed);
    tellToll(kind, { ...toll, kills, deliveries: toll.known.size });
    expect(toll).toMatchObject({ lost: [], twice: [] });
    expect(toll.known.size % events).toBe(0);
  });
});
