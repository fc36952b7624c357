import type { Job as BullJob, Queue } from 'bullmq';

/** Data of a job that is JSON already. */
export class EncodedData {
  readonly json: Buffer;

  constructor(json: Buffer) {
    this.json = json;
  }

  /** BullMQ makes JSON of all data first, here of next to nothing. */
  toJSON(): null {
    return null;
  }
}

/** BullMQ's queue, but `EncodedData` is sent to Redis as it is. @internal its types are BullMQ's */
export function queueOfEncodedJobs(bullmq: { Queue: typeof Queue; Job: typeof BullJob }): typeof Queue {
  const { Queue: BullQueue, Job } = bullmq;
  class EncodedJob extends Job<unknown> {
    override asJSON() {
      const job = super.asJSON();
      // BullMQ asks for text only to hand it on to ioredis, which takes bytes too.
      return this.data instanceof EncodedData ? { ...job, data: this.data.json as unknown as string } : job;
    }
  }
  return class extends BullQueue {
    protected override get Job() {
      return EncodedJob as typeof BullJob;
    }
  };
}
