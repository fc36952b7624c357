import { buildRequest, type AttemptPosition, type Endpoint } from '../../delivery/request.ts';
import {
  ATTEMPTS_LEFT_HEADER,
  ATTEMPTS_MADE_HEADER,
  FIRST_ATTEMPTED_AT_HEADER,
  SIGNATURE_HEADER,
} from '../../persona/contract.ts';
import { secretsAt, sign, type Secret } from '../../signing/sign.ts';

const EMPTY = Buffer.alloc(0);
/** All secrets that there are sign; those that have expired are left out for each attempt. */
const LONG_AGO: AttemptPosition = {
  attempt: 1,
  attemptsLeft: 0,
  nowMs: 0,
  simulatedElapsedMs: 0,
  simulatedAtMs: Number.NEGATIVE_INFINITY,
};

/**
 * The headers of `buildRequest` as one list that is made once for a slot; for an attempt only those values are
 * written anew that differ. The length is left to the sender, which knows it from the body.
 */
export class AttemptHeaders {
  /** Names and values in turn. */
  readonly list: (string | undefined)[];
  readonly #endpoint: Endpoint;
  readonly #signatureAt: number;
  readonly #madeAt: number;
  readonly #leftAt: number;
  readonly #firstAttemptedAt: number;
  /** Absent where one of them ends. */
  readonly #lastingSecrets: readonly Secret[] | undefined;

  constructor(endpoint: Endpoint) {
    const { headers } = buildRequest(endpoint, EMPTY, LONG_AGO);
    this.list = Object.entries(headers)
      .filter(([name]) => name !== 'Content-Length')
      .flat();
    this.#endpoint = endpoint;
    const doAllLast = endpoint.secrets.every(({ expiresAtMs }) => expiresAtMs === undefined);
    this.#lastingSecrets = doAllLast ? secretsAt(endpoint.secrets, 0) : undefined;
    this.#signatureAt = this.list.indexOf(SIGNATURE_HEADER) + 1;
    this.#madeAt = this.list.indexOf(ATTEMPTS_MADE_HEADER) + 1;
    this.#leftAt = this.list.indexOf(ATTEMPTS_LEFT_HEADER) + 1;
    this.#firstAttemptedAt = this.list.indexOf(FIRST_ATTEMPTED_AT_HEADER) + 1;
  }

  /** @param forger - signs in place of the endpoint's secrets */
  write(body: Buffer, position: AttemptPosition, forger?: Secret): void {
    const { nowMs, simulatedAtMs, simulatedElapsedMs, attempt, attemptsLeft } = position;
    const genuine = this.#lastingSecrets ?? secretsAt(this.#endpoint.secrets, simulatedAtMs);
    const secrets = forger === undefined ? genuine : [forger];
    this.list[this.#signatureAt] =
      secrets.length === 0 ? undefined : sign(body, secrets, Math.floor(nowMs / 1000));
    this.list[this.#madeAt] = String(attempt);
    this.list[this.#leftAt] = String(attemptsLeft);
    this.list[this.#firstAttemptedAt] = String(Math.floor((nowMs - simulatedElapsedMs) / 1000));
  }
}
