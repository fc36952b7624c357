import type { BuildOptions, Event } from '../event/build.ts';
import type { JsonNode } from '../json/node.ts';
import type { PayloadConfiguration } from '../payload/compose.ts';
import type { Clock, Exchange, Random } from '../ports.ts';
import type { Secret } from '../signing/sign.ts';
import type { Oracle, OracleReading, Learnt } from './oracle.ts';
import type { Subject } from './person.ts';
import type { TlsReport } from '../http/tls-report.ts';
import type { WireRecord, WireRequest } from '../http/wire.ts';

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
  | `hook:${'restart' | `${'dependency' | 'writes'}-${'down' | 'up'}` | 'unset-secret'}`
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

/** An event that was built and composed for the receiver, with what checks ask of it most. */
export interface Sample extends Pick<Subject, 'objectId' | 'referenceId' | 'accountId'> {
  readonly event: Event;
  readonly eventId: string;
  /** What the body says, in its spelling; an empty object where it is not JSON. */
  readonly document: JsonNode;
  readonly body: Buffer;
}

/** How a genuine request is made wrong, or odd, in one place. */
export interface Deviation {
  /** For the wire log. */
  readonly label?: string;
  /** The whole `Persona-Signature` value; null sends none. @default the right one */
  readonly signature?: string | null;
  /** Signed in place of the body that is sent: the header no longer fits. */
  readonly timestampSeconds?: number;
  /** Replaces or adds headers, by name in any case; null removes one. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The last word on the request: chunks, method, doubled headers, … */
  readonly wire?: (request: WireRequest) => WireRequest;
  /** How long the exchange may take. @default Persona's 5,000 ms */
  readonly timeoutMs?: number;
  /** Wait and try again when the receiver limits requests (429, or 503 with Retry-After)? @default true */
  readonly isPatient?: boolean;
}

/** What a check works with. Everything that goes over the wire is recorded for the report. */
export interface CheckContext {
  /** The receiver's, exactly as configured. */
  readonly url: URL;
  /**
   * Builds an event with fresh ids about a person and objects of their own, plain enough for every genuine
   * verifier. Without a name: `inquiry.approved`, or what the webhook enables in its place.
   */
  sample(eventName?: string, options?: SampleOptions): Promise<Sample>;
  /** A body of the check's own making, e.g. with another spelling; ids are read from it where they are. */
  sampleOf(body: Buffer | string): Sample;
  /** Sends a body with a right signature unless the deviation says otherwise. */
  send(body: Buffer | Sample, deviation?: Deviation): Promise<Exchange>;
  /** The right `Persona-Signature` for a body: `sign(body, { secrets, t })`. */
  sign(body: Buffer, options?: { secrets?: readonly Secret[]; timestampSeconds?: number }): string;
  readonly secret: Secret;
  /** A secret that the receiver does not know, of the right form. */
  readonly foreignSecret: Secret;
  nowSeconds(): number;
  /** Waits; scaled down in tests. */
  pause(ms: number): Promise<void>;
  /** Divides what is waited for on the wire (pauses between body parts, limits), as it divides `pause`: 1 outside tests. */
  readonly pauseScale: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly oracle: Oracle | undefined;
  /**
   * What the oracle says of these events and objects once it is quiet. Only with `needs: ['oracle']`, or guarded.
   * @param isDone - what the receiver is given time for: work that it does from a queue
   */
  consult(ids: readonly string[], isDone?: (reading: OracleReading) => boolean): Promise<OracleReading>;
  readonly learnt: Learnt;
  /** Runs a hook that the user gave, e.g. `restart`. */
  hook(name: string): Promise<void>;
  /** All that was sent in this run so far and answered, for the checks that scan answers. */
  readonly answered: () => readonly AnsweredRequest[];
  /** Puts these first in the record of the check, even when another check sent them. */
  show(records: readonly WireRecord[]): void;
  /** Is the genuine event accepted (ACK-01)? Where not, only what proves itself is judged. */
  readonly isFounded: boolean;
  /** The content of the receiver's log file. Only with `needs: ['log-file']`. */
  log(): Promise<string>;
  readonly settings: CheckSettings;
  /** What the webhook makes of an event, for checks that send what another configuration would make of it. */
  readonly payload: PayloadConfiguration;
  /** Looks at the certificate of an https receiver. Absent where nobody can. */
  readonly inspectTls?: (() => Promise<TlsReport>) | undefined;
}

/** A request that got an answer, and the check that sent it. */
export interface AnsweredRequest {
  readonly checkId: string | undefined;
  readonly record: WireRecord;
}

export interface SampleOptions extends Partial<Pick<BuildOptions, 'id' | 'referenceId' | 'overrides'>> {
  /** When the event happened. @default now */
  readonly at?: Date;
  /** About the same person and objects as this one. */
  readonly about?: Sample;
  /** The receiver shall not know it: the hook `create` is not run. */
  readonly isUnknown?: boolean;
  /** With all that the event includes, also what some receivers cannot print again byte for byte. */
  readonly isWhole?: boolean;
}

/** What the user says of the receiver. */
export interface CheckSettings {
  /** Statuses that count as accepted: the delivery policy's. @default 200 alone */
  readonly acceptedStatuses: readonly number[];
  /** Statuses that another of Persona's policies accepts: not strict, but no reason to doubt the rest. */
  readonly toleratedStatuses?: readonly number[];
  /** The events that the webhook enables; `*` for all with a fixture. */
  readonly enabledEvents: readonly string[];
  /** The webhook's custom headers. */
  readonly customHeaders: Readonly<Record<string, string>>;
  /** The age of `t` that the receiver allows, seconds. @default 300 */
  readonly toleranceSeconds: number;
  /** Did the user give it? A check can hold a receiver only to a window that was promised. */
  readonly toleranceIsGiven: boolean;
  /** How long an idle connection is waited for, seconds. @default 2 */
  readonly longestIdleSeconds?: number;
}
