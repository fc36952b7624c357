import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ModelReceiver, Refusal, type Notice } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

class NoDedupe extends ModelReceiver {
  override isSeen() {
    return false;
  }
}

class CheckThenInsert extends ModelReceiver {
  override async take(notice: Notice) {
    if (this.isSeen(notice)) return;
    await sleep(5);
    await this.work(notice);
    this.markSeen(notice);
  }
}

class DedupeByObjectId extends ModelReceiver {
  override isSeen({ objectId }: Notice) {
    return this.store.seen.has(objectId);
  }

  override markSeen({ objectId }: Notice) {
    this.store.seen.add(objectId);
  }

  override forget({ objectId }: Notice) {
    this.store.seen.delete(objectId);
  }
}

class DedupeBeforeVerify extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage) {
    const isGenuine = super.isGenuine(body, request);
    if (!isGenuine) this.markSeen(this.read(this.parse(body))!);
    return isGenuine;
  }
}

class SeenBeforeWork extends ModelReceiver {
  override async take(notice: Notice) {
    if (this.isSeen(notice)) return;
    this.markSeen(notice);
    await this.work(notice);
  }
}

/** The claim is written first and alone: it stays when the write after it fails. */
class ClaimsInAWriteOfItsOwn extends ModelReceiver {
  override forget(notice: Notice) {
    if (!this.areWritesDown) super.forget(notice);
  }
}

class InMemoryDedupe extends ModelReceiver {
  override restart() {
    super.restart();
    this.store.seen.clear();
  }
}

class ConflictOnDuplicate extends ModelReceiver {
  override isSeen(notice: Notice) {
    if (super.isSeen(notice)) throw new Refusal(409, 'seen before');
    return false;
  }
}

class DedupeByBodyHash extends ModelReceiver {
  override async handle(request: IncomingMessage, response: ServerResponse) {
    this.checkRequest(request);
    const body = await this.readBody(request);
    if (!this.isGenuine(body, request)) throw new Refusal(401, 'bad signature');
    const notice = this.read(this.parse(body))!;
    const hash = createHash('sha256').update(body).digest('hex');
    await this.take({ ...notice, hash } as Notice);
    this.accept(response, body);
  }

  override isSeen(notice: Notice & { hash?: string }) {
    return this.store.seen.has(notice.hash!);
  }

  override markSeen(notice: Notice & { hash?: string }) {
    this.store.seen.add(notice.hash!);
  }

  override forget(notice: Notice & { hash?: string }) {
    this.store.seen.delete(notice.hash!);
  }
}

/** Many servers cancel what a request began when its sender goes. */
class StopsWithItsSender extends ModelReceiver {
  override async handle(request: IncomingMessage, response: ServerResponse) {
    this.checkRequest(request);
    const body = await this.readBody(request);
    if (!this.isGenuine(body, request)) throw new Refusal(401, 'bad signature');
    const notice = this.read(this.parse(body))!;
    await this.take({ ...notice, socket: request.socket } as Notice);
    this.accept(response, body);
  }

  override async work(notice: Notice & { socket?: Socket }) {
    await sleep(5);
    if (notice.socket?.destroyed !== true) await super.work(notice);
  }
}

export const DUPLICATE_MUTANTS: readonly Mutant[] = [
  {
    id: 'no-dedupe',
    bug: 'does not look for duplicates',
    create: () => new NoDedupe(),
    fails: ['TIME-05', 'IDEM-02', 'IDEM-03', 'IDEM-04', 'IDEM-05', 'IDEM-09'],
  },
  {
    id: 'check-then-insert',
    bug: 'looks for the id, works, and stores the id afterwards',
    create: () => new CheckThenInsert(),
    fails: ['IDEM-03'],
  },
  {
    // Drops every later event of an inquiry. ORD-05 ends as an error: approved and declined look alike.
    id: 'dedupe-by-object-id',
    bug: 'takes two events about one object for duplicates',
    create: () => new DedupeByObjectId(),
    fails: ['IDEM-06', 'ORD-01', 'ORD-02', 'ORD-03', 'ORD-06', 'ORD-07', 'ENV-11'],
  },
  {
    id: 'dedupe-before-verify',
    bug: 'stores the id of an event before its signature is verified',
    create: () => new DedupeBeforeVerify(),
    fails: ['SIG-18', 'IDEM-07'],
  },
  {
    id: 'seen-before-work',
    bug: 'stores the id before the work and leaves it there when the work fails',
    create: () => new SeenBeforeWork(),
    // The attempts after the first are taken for duplicates of it.
    fails: ['IDEM-08', 'IDEM-10', 'RTY-03', 'LOAD-03'],
  },
  {
    id: 'claims-in-a-write-of-its-own',
    bug: 'stores the id in a write of its own, which stays when the write of the effect fails',
    create: () => new ClaimsInAWriteOfItsOwn(),
    fails: ['IDEM-10'],
  },
  {
    id: 'in-memory-dedupe',
    bug: 'forgets at a restart what it has seen',
    create: () => new InMemoryDedupe(),
    fails: ['IDEM-09'],
  },
  {
    id: 'conflict-on-duplicate',
    bug: 'answers a duplicate with 409',
    create: () => new ConflictOnDuplicate(),
    fails: ['IDEM-01'],
  },
  {
    id: 'dedupe-by-body-hash',
    bug: 'recognises duplicates by a hash of the body',
    create: () => new DedupeByBodyHash(),
    fails: ['IDEM-05'],
  },
  {
    id: 'stops-with-its-sender',
    bug: 'abandons the work when the sender hangs up, but keeps the id',
    create: () => new StopsWithItsSender(),
    fails: ['IDEM-04'],
  },
];
