import { ModelReceiver, type Notice } from '../mutants/model-receiver.ts';

/** The later a status in an inquiry's life, the higher. */
const RANK: Readonly<Record<string, number>> = {
  ...{ created: 1, pending: 2, completed: 3, failed: 3, expired: 3, needs_review: 4 },
  ...{ declined: 5, approved: 6 },
};
const DECISIONS: readonly string[] = ['inquiry.approved', 'inquiry.declined'];

/** Acts on every event, and keeps the state of the newest. */
class ActsOnAll extends ModelReceiver {
  override update({ objectId, status, createdAt }: Notice) {
    if (status === undefined) return;
    const known = this.store.objects.get(objectId);
    const isNewer =
      known === undefined ||
      createdAt > known.createdAt ||
      (createdAt === known.createdAt && rankOf(status) > rankOf(known.status));
    if (isNewer) this.store.objects.set(objectId, { status, createdAt });
  }
}

/** Has no use for anything but decisions, and says 200 to the rest. */
class ActsOnDecisions extends ActsOnAll {
  override async take(notice: Notice) {
    if (DECISIONS.includes(notice.name)) await super.take(notice);
  }
}

/**
 * Keeps no event ids: an event that would not raise the status of its person is a repeat, or late. What is approved
 * stays approved. The state is the person's, and its oracle tells it under the reference-id.
 */
class KnowsRepeatsByState extends ModelReceiver {
  override async take(notice: Notice) {
    await this.work(notice);
  }

  override read(parsed: any) {
    const notice = super.read(parsed);
    const person: unknown = parsed?.data?.attributes?.payload?.data?.attributes?.['reference-id'];
    return notice === undefined || typeof person !== 'string' ? undefined : { ...notice, objectId: person };
  }

  override async work(notice: Notice) {
    if (this.isDependencyDown || this.areWritesDown) return super.work(notice);
    const { objectId, status = '', createdAt } = notice;
    const known = this.store.objects.get(objectId)?.status ?? '';
    if (!notice.name.startsWith('inquiry.') || rankOf(status) <= rankOf(known)) return;
    this.store.objects.set(objectId, { status, createdAt });
    this.store.processed.set(notice.eventId, (this.store.processed.get(notice.eventId) ?? 0) + 1);
  }
}

function rankOf(status: string): number {
  return RANK[status] ?? 0;
}

/** Three receivers that are right in different ways: none may fail a check. */
export const CORRECT_RECEIVERS = {
  'acts on every event': () => new ActsOnAll(),
  'acts on decisions alone': () => new ActsOnDecisions(),
  'knows repeats by state': () => new KnowsRepeatsByState(),
} as const;
export type CorrectReceiver = keyof typeof CORRECT_RECEIVERS;
