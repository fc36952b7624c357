import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ModelReceiver, Refusal, type Notice } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

class SlowSerialWorker extends ModelReceiver {
  #waiting = 0;
  #last = Promise.resolve();

  override async work(notice: Notice) {
    if (this.#waiting >= 5) throw new Refusal(503, 'queue is full');
    this.#waiting += 1;
    this.#last = this.#last.then(() => sleep(25)).finally(() => (this.#waiting -= 1));
    await this.#last;
    await super.work(notice);
  }
}

class ForgeriesHoldSlots extends ModelReceiver {
  #held = 0;

  override async handle(request: IncomingMessage, response: ServerResponse) {
    if (this.#held >= 3) throw new Refusal(429, 'too many requests');
    try {
      await super.handle(request, response);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 401) throw error;
      this.#held += 1;
      await sleep(60);
      this.#held -= 1;
      throw error;
    }
  }
}

export const LOAD_MUTANTS: readonly Mutant[] = [
  {
    id: 'slow-serial-worker',
    bug: 'works on one event after the other and refuses when five wait',
    create: () => new SlowSerialWorker(),
    fails: ['LOAD-01', 'LOAD-02', 'LOAD-03'],
  },
  {
    id: 'forgeries-hold-slots',
    bug: 'answers forgeries late, from the same small pool as genuine events',
    create: () => new ForgeriesHoldSlots(),
    fails: ['LOAD-02'],
  },
];
