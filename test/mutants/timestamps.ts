import { ModelReceiver, Refusal, type Notice } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

class NarrowWindow extends ModelReceiver {
  override toleranceSeconds = 20;
}

class OneSidedWindow extends ModelReceiver {
  override isFresh(t: string) {
    return Number(t) <= this.nowSeconds() && super.isFresh(t);
  }
}

class NoWindow extends ModelReceiver {
  override isFresh() {
    return true;
  }

  /** A number of any length is a time to one who never looks at it. */
  override setsOf(header: string) {
    return header.split(' ').flatMap((set) => {
      const match = /^t=([^,]+),v1=([0-9a-f]{64})$/.exec(set);
      return match === null ? [] : [{ t: match[1]!, v1: match[2]! }];
    });
  }
}

class WindowOnCreatedAt extends ModelReceiver {
  override async take(notice: Notice) {
    const ageSeconds = this.nowSeconds() - Date.parse(notice.createdAt) / 1000;
    if (ageSeconds > this.toleranceSeconds) throw new Refusal(400, 'too old');
    await super.take(notice);
  }
}

class LooseTimestamps extends ModelReceiver {
  override setsOf(header: string) {
    return header.split(' ').flatMap((set) => {
      const match = /^t=([^,]+),v1=([0-9a-f]{64})$/.exec(set);
      return match === null ? [] : [{ t: match[1]!, v1: match[2]! }];
    });
  }
}

class TakesMilliseconds extends LooseTimestamps {
  override isFresh(t: string) {
    return super.isFresh(t) || super.isFresh(String(Number(t) / 1000));
  }
}

class ThrowsOnOddTime extends LooseTimestamps {
  override isFresh(t: string) {
    this.log(new Date(Number(t) * 1000).toISOString());
    return super.isFresh(t);
  }
}

export const TIMESTAMP_MUTANTS: readonly Mutant[] = [
  {
    id: 'window-of-20-seconds',
    bug: 'allows t to be 20 seconds off',
    create: () => new NarrowWindow(),
    fails: ['TIME-01', 'TIME-02'],
  },
  {
    id: 'no-future-timestamps',
    bug: 'refuses any t that is ahead of its own clock',
    create: () => new OneSidedWindow(),
    fails: ['TIME-02'],
  },
  {
    id: 'no-window',
    bug: 'never looks at the age of t',
    create: () => new NoWindow(),
    fails: ['TIME-03', 'TIME-04'],
  },
  {
    id: 'window-on-created-at',
    bug: "judges the age of the event's created-at",
    create: () => new WindowOnCreatedAt(),
    fails: ['TIME-07', 'ORD-05'],
  },
  {
    id: 'takes-milliseconds',
    bug: 'takes t for milliseconds where that makes it fresh',
    create: () => new TakesMilliseconds(),
    fails: ['TIME-06'],
  },
  {
    id: 'throws-on-odd-timestamps',
    bug: 'answers 500 to a t that is not a date',
    create: () => new ThrowsOnOddTime(),
    fails: ['TIME-06'],
  },
];
