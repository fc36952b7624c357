import type { Subject } from '../../src/conformance/person.ts';
import { ModelReceiver, Refusal, type Notice } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

class LastWriteWins extends ModelReceiver {
  override update({ objectId, status, createdAt }: Notice) {
    if (status !== undefined) this.store.objects.set(objectId, { status, createdAt });
  }
}

class FirstOfEquals extends ModelReceiver {
  override update(notice: Notice) {
    const known = this.store.objects.get(notice.objectId);
    if (known?.createdAt !== notice.createdAt) super.update(notice);
  }
}

class LosesOneOfEquals extends ModelReceiver {
  override work(notice: Notice) {
    const known = this.store.objects.get(notice.objectId);
    if (known?.createdAt === notice.createdAt && known.status > (notice.status ?? ''))
      return Promise.resolve();
    return super.work(notice);
  }
}

/** Knows the users that were created beforehand, and no others. */
class UnknownUserNotFound extends ModelReceiver {
  readonly #users = new Set<unknown>();

  override create({ referenceId }: Subject) {
    this.#users.add(referenceId);
  }

  override read(parsed: any) {
    const { attributes } = parsed?.data?.attributes?.payload?.data ?? {};
    const user = attributes?.['reference-id'];
    if (typeof user === 'string' && !this.#users.has(user)) throw new Refusal(404, 'no such user');
    return super.read(parsed);
  }
}

class OneLatestForAll extends ModelReceiver {
  #latest = '';

  override update(notice: Notice) {
    if (notice.createdAt < this.#latest) return;
    this.#latest = notice.createdAt;
    super.update(notice);
  }
}

/** Does not look at the time of a decision. */
class LastDecisionWins extends ModelReceiver {
  override update(notice: Notice) {
    if (notice.status !== 'approved' && notice.status !== 'declined') return;
    this.store.objects.set(notice.objectId, { status: notice.status, createdAt: notice.createdAt });
  }
}

/** Takes all but a newer decision for the beginning of a new life. */
class ReopensDeclined extends ModelReceiver {
  override update(notice: Notice) {
    const known = this.store.objects.get(notice.objectId)?.status;
    if (known === 'declined' && notice.status !== 'approved') this.store.objects.delete(notice.objectId);
    super.update(notice);
  }
}

export const ORDER_MUTANTS: readonly Mutant[] = [
  {
    id: 'last-write-wins',
    bug: 'keeps the state of the event that came last',
    create: () => new LastWriteWins(),
    // Of two events at the same time, too, the one that came last wins.
    fails: ['ORD-01', 'ORD-02', 'ORD-03', 'ORD-06', 'ORD-07'],
  },
  {
    id: 'first-of-equals',
    bug: 'keeps the first of two events with the same created-at',
    create: () => new FirstOfEquals(),
    fails: ['ORD-03'],
  },
  {
    id: 'loses-one-of-equals',
    bug: 'takes an event with the same created-at for old and drops it',
    create: () => new LosesOneOfEquals(),
    fails: ['ORD-03'],
  },
  {
    id: 'unknown-user-not-found',
    bug: 'answers 404 for a user that it does not know',
    create: () => new UnknownUserNotFound(),
    fails: ['ORD-04'],
  },
  {
    id: 'one-latest-for-all',
    bug: 'compares created-at with the newest event of all objects',
    create: () => new OneLatestForAll(),
    fails: ['ORD-05'],
  },
  {
    id: 'last-decision-wins',
    bug: 'acts on decisions alone and keeps the one that came last',
    create: () => new LastDecisionWins(),
    fails: ['ORD-06'],
  },
  {
    id: 'reopens-what-was-declined',
    bug: 'takes an older step for news after a decline',
    create: () => new ReopensDeclined(),
    fails: ['ORD-07'],
  },
];
