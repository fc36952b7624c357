import type { CheckContext } from './context.ts';

/** The families of the catalogue, in the order in which they are run and reported. */
export const FAMILIES = {
  ACK: 'acknowledging',
  SIG: 'signature',
  ROT: 'secret rotation',
  RAW: 'bytes versus parsed JSON',
  TIME: 'timestamps and replay',
  IDEM: 'duplicates',
  ORD: 'ordering',
  RTY: 'retry behaviour',
  ENV: 'envelope and payload',
  NET: 'transport',
  SEC: 'leakage and abuse',
  LOAD: 'load',
} as const;
export type Family = keyof typeof FAMILIES;

/** How grave a miss is. Ours, not Persona's: see `basis` for what Persona says. */
export type Level = 'must' | 'should' | 'may' | 'info';

/** What the requirement rests on. A miss of `general practice` never violates a requirement of Persona's. */
export type Basis = 'Persona requires' | 'Persona recommends' | 'Persona documents' | 'general practice';

/** What a check cannot do without; where it is not given the check is skipped and says so. */
export type Need =
  | 'oracle'
  | 'state-oracle'
  | 'hook:restart'
  | 'hook:dependency-down'
  | 'hook:dependency-up'
  | 'hook:writes-down'
  | 'hook:writes-up'
  | 'hook:unset-secret'
  | 'log-file'
  | 'https';

export type VerdictKind = 'pass' | 'non-strict' | 'info' | 'fail' | 'error' | 'skipped' | 'needs-oracle';

/** The answer to one conformance question. `expected` and `actual` are for people, in one line each. */
export interface Verdict {
  readonly kind: VerdictKind;
  readonly expected: string;
  readonly actual: string;
}

export interface Check {
  /** Never reused, never renumbered: `SIG-04`. */
  readonly id: `${Family}-${number}`;
  /** For people and URLs: `body-whitespace-changed`. */
  readonly slug: string;
  readonly title: string;
  /** What it sends, in one sentence. */
  readonly sends: string;
  /** What a conformant receiver does, in one sentence. */
  readonly requirement: string;
  readonly level: Level;
  readonly basis: Basis;
  /** Where the requirement comes from. */
  readonly source: string;
  readonly needs?: readonly Need[];
  /**
   * A check that sends what must be refused stands between two controls: a genuine event must be accepted just
   * before and just after, else the verdict is `error`. A receiver that refuses everything passes nothing.
   */
  readonly isNegative?: boolean;
  /** Mostly waits on the wire, and disturbs no other check while it does: it takes no turn. */
  readonly isWaiting?: boolean;
  /** Its findings prove themselves, so that it is judged also where the genuine event is refused (ACK-01). */
  readonly provesAlone?: boolean;
  /** Tries to break the receiver, so that a receiver that is away afterwards is the finding. */
  readonly mayBreak?: boolean;
  /** Events that it sends by name. It is skipped where the webhook does not enable all of them. */
  readonly events?: readonly string[];
  /** Has something to ask also of a receiver that does nothing with one of these events. */
  readonly asksWhatIsIgnored?: boolean;
  /** Takes minutes or load: only in the profile of that name. */
  readonly only?: 'soak' | 'load';
  /** Judges what all the others have brought to light. */
  readonly runsLast?: true;
  run(context: CheckContext): Promise<Verdict>;
}

export function familyOf({ id }: Pick<Check, 'id'>): Family {
  return id.split('-')[0] as Family;
}
