import type { IncomingMessage } from 'node:http';
import { ModelReceiver, Refusal, type Notice } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

class AcceptsAndLoses extends ModelReceiver {
  override take(notice: Notice) {
    return super.take(notice).catch(() => undefined);
  }
}

class NeedsAttemptHeaders extends ModelReceiver {
  override checkRequest(request: IncomingMessage) {
    super.checkRequest(request);
    if (request.headers['persona-webhook-attempts-made'] === undefined) throw new Refusal(400, 'attempt?');
  }
}

class GivesUpOnAnEvent extends ModelReceiver {
  readonly #failures = new Map<string, number>();

  override async work(notice: Notice) {
    const failures = this.#failures.get(notice.eventId) ?? 0;
    if (failures > 3) return;
    this.#failures.set(notice.eventId, failures + 1);
    await super.work(notice);
  }
}

/** Its client for the database logs a failed write and goes on. */
class SwallowsWriteErrors extends ModelReceiver {
  override async work(notice: Notice) {
    if (!this.areWritesDown) await super.work(notice);
  }
}

export const RETRY_MUTANTS: readonly Mutant[] = [
  {
    id: 'accepts-and-loses',
    bug: 'answers 200 although its own write failed',
    create: () => new AcceptsAndLoses(),
    fails: ['RTY-01', 'RTY-03', 'RTY-05', 'LOAD-03'],
  },
  {
    id: 'needs-attempt-headers',
    bug: 'refuses an event without Persona-Webhook-Attempts-Made',
    create: () => new NeedsAttemptHeaders(),
    fails: ['RTY-02'],
  },
  {
    id: 'gives-up-on-an-event',
    bug: 'drops an event after four failures and accepts its next attempts',
    create: () => new GivesUpOnAnEvent(),
    fails: ['RTY-03'],
  },
  {
    id: 'swallows-write-errors',
    bug: 'answers 200 although its write failed, though not when it cannot read either',
    create: () => new SwallowsWriteErrors(),
    fails: ['RTY-05'],
  },
];
