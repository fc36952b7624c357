import type { Journal, JournalChange, JournalRequest } from '../journal.ts';
import type { Statement } from './driver/driver.ts';
import type { GroupCommit } from './group-commit.ts';

interface RequestsOptions {
  readonly journal: Pick<Journal, 'resend' | 'pendingOf'>;
  readonly group: GroupCommit;
  /** Takes the state, when that was, epoch ms, and the delivery's id; changes only what is pending. */
  readonly settle: Statement;
  /** Does another simulator than this one send the delivery? */
  readonly isHeldByOther: (delivery: number, by: object) => boolean;
}

/** Carries out what is asked of the holder of a journal. */
export class Requests {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  carryOut(request: JournalRequest, nowMs: number): JournalChange {
    const { journal, isHeldByOther } = this.#options;
    if (request.kind === 'resend') {
      return { kind: 'added', deliveries: request.deliveries.map((id) => journal.resend(id, nowMs)) };
    }
    if (request.kind === 'cancel')
      return this.#settleAll('cancelled', request.deliveries, request.atMs ?? nowMs);
    const { webhooks, by } = request;
    const isOurs = (id: number) => by === undefined || !isHeldByOther(id, by);
    const change = this.#settleAll('failed', journal.pendingOf(webhooks).filter(isOurs), nowMs);
    return { ...change, webhooks, by };
  }

  #settleAll(state: 'cancelled' | 'failed', ids: readonly number[], nowMs: number) {
    // Since it was asked for, some may have been settled otherwise.
    const deliveries: number[] = [];
    this.#options.group.write(() => {
      const settle = (id: number) => this.#options.settle.run(state, nowMs, id).changes > 0;
      deliveries.push(...ids.filter(settle));
    });
    return { kind: 'settled' as const, deliveries, state, webhooks: [] };
  }
}
