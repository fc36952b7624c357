import { ModelReceiver } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

class FirstSetOnly extends ModelReceiver {
  override setsOf(header: string) {
    return super.setsOf(header.split(' ')[0] ?? '');
  }
}

class LastSetOnly extends ModelReceiver {
  override setsOf(header: string) {
    return super.setsOf(header.split(' ').at(-1) ?? '');
  }
}

class OneTimestampForAll extends ModelReceiver {
  override setsOf(header: string) {
    const sets = super.setsOf(header);
    return sets.map(({ v1 }) => ({ t: sets[0]?.t ?? '', v1 }));
  }
}

class TwoSetsAtMost extends ModelReceiver {
  override setsOf(header: string) {
    if (header.split(' ').length > 2) throw new Error('a rotation has two secrets');
    return super.setsOf(header);
  }
}

export const ROTATION_MUTANTS: readonly Mutant[] = [
  {
    id: 'first-set-only',
    bug: 'reads only the first set of the signature header',
    create: () => new FirstSetOnly(),
    fails: ['ROT-02', 'ROT-04'],
  },
  {
    id: 'last-set-only',
    bug: 'reads only the last set of the signature header',
    create: () => new LastSetOnly(),
    fails: ['ROT-01', 'ROT-04'],
  },
  {
    id: 'two-sets-at-most',
    bug: 'breaks on a header with three sets',
    create: () => new TwoSetsAtMost(),
    fails: ['ROT-05'],
  },
  {
    id: 'one-t-for-all-sets',
    bug: 'takes t from the first set for all of them',
    create: () => new OneTimestampForAll(),
    fails: ['ROT-04'],
  },
];
