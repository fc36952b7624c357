import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { MODEL_SECRET, ModelReceiver } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

/** What a mistaken receiver has to go by. */
interface Given {
  readonly body: Buffer;
  /** The whole header. */
  readonly header: string;
  readonly t: string;
  readonly v1: string;
  readonly headers: IncomingMessage['headers'];
}

/** Honest about signatures, but of an opinion of its own on what they are. */
class Mistaken extends ModelReceiver {
  readonly #isRight: (given: Given) => boolean;

  constructor(isRight: (given: Given) => boolean) {
    super();
    this.#isRight = isRight;
  }

  override isGenuine(body: Buffer, { headers }: IncomingMessage): boolean {
    const header = String(headers['persona-signature'] ?? '');
    const [, t = '', v1 = ''] = /^t=(\d+),v1=(.*)$/.exec(header) ?? [];
    return this.#isRight({ body, header, t, v1, headers });
  }
}

const KEY = MODEL_SECRET;
const REST = MODEL_SECRET.slice('wbhsec_'.length);

function hmac(text: string | Buffer, key: string | Buffer = KEY): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

const signed = (t: string, body: Buffer | string) => Buffer.concat([Buffer.from(`${t}.`), Buffer.from(body)]);
const value = (body: Buffer): any => JSON.parse(body.toString('utf8'));
const printed = (body: Buffer) => JSON.stringify(value(body));

/** Numbers keep their spelling, and a space follows each comma and colon. */
function pythonText(body: Buffer): string {
  return body
    .toString('utf8')
    .replaceAll(
      /("(?:[^"\\]|\\.)*")|\s+|([,:])/g,
      (_, text?: string, sign?: string) => text ?? (sign === undefined ? '' : `${sign} `),
    );
}

function sortedKeys(node: any): any {
  if (Array.isArray(node)) return node.map(sortedKeys);
  if (node === null || typeof node !== 'object') return node;
  const keys = Object.keys(node).sort();
  return Object.fromEntries(keys.map((key) => [key, sortedKeys(node[key])]));
}

type Row = readonly [id: string, bug: string, isRight: (given: Given) => boolean, diagnosis: string];

/** They refuse every genuine event, so that nothing but ACK-01 can be said; the diagnosis says the rest. */
const ROWS: readonly Row[] = [
  [
    'body-alone',
    'expects the HMAC of the body without the timestamp',
    ({ body, v1 }) => v1 === hmac(body),
    'expects an HMAC of the body without the timestamp (the signed text is `<t>.<body>`)',
  ],
  [
    'bare-body-alone',
    'expects the HMAC of the body as the whole header',
    ({ body, header }) => header === hmac(body),
    'expects an HMAC of the body without the timestamp (the signed text is `<t>.<body>`), as the whole header',
  ],
  [
    'sha256-of-body',
    "expects GitHub's header: sha256= and the HMAC of the body, under another name",
    ({ body, headers }) => headers['x-hub-signature-256'] === `sha256=${hmac(body)}`,
    'as the whole header with `sha256=` in front (Persona sends `t=…,v1=…`) in the header X-Hub-Signature-256',
  ],
  [
    'secret-as-password',
    'compares the header with the secret',
    ({ header }) => header === KEY,
    'expects the secret itself instead of an HMAC, as the whole header',
  ],
  [
    'invented-header',
    'looks for X-Persona-Signature',
    ({ body, headers }) => {
      const [, t = '', v1 = ''] = /^t=(\d+),v1=(.*)$/.exec(String(headers['x-persona-signature'])) ?? [];
      return v1 === hmac(signed(t, body));
    },
    "expects the signature in the header X-Persona-Signature (Persona's is Persona-Signature)",
  ],
  [
    'invented-timestamp-header',
    'looks for Persona-Timestamp and a bare digest',
    ({ body, header, headers }) => header === hmac(signed(String(headers['persona-timestamp']), body)),
    'as the whole header (Persona sends `t=…,v1=…`) with the timestamp in the header Persona-Timestamp',
  ],
  [
    're-serialised-alone',
    'verifies the re-serialised body without the timestamp',
    ({ body, v1 }) => v1 === hmac(printed(body)),
    'expects an HMAC of the body after JSON.parse and JSON.stringify, and without the timestamp',
  ],
  [
    'printed-by-python',
    "verifies what Python's json.dumps makes of the body",
    ({ body, t, v1 }) => v1 === hmac(signed(t, pythonText(body))),
    "expects an HMAC of the body parsed and printed again as Python's json.dumps does",
  ],
  [
    'sorted-keys',
    'verifies the body with its keys sorted',
    ({ body, t, v1 }) => v1 === hmac(signed(t, JSON.stringify(sortedKeys(value(body))))),
    'expects an HMAC of the body with its keys sorted',
  ],
  [
    'data-only',
    'verifies the data member instead of the body',
    ({ body, t, v1 }) => v1 === hmac(signed(t, JSON.stringify(value(body).data))),
    'expects an HMAC of the `data` member alone',
  ],
  [
    'base64',
    'expects the digest in base64',
    ({ body, t, v1 }) => v1 === createHmac('sha256', KEY).update(signed(t, body)).digest('base64'),
    'printed as base64 instead of hex',
  ],
  [
    'sha256-prefix',
    'expects sha256= in front of the digest',
    ({ body, t, v1 }) => v1 === `sha256=${hmac(signed(t, body))}`,
    'but with `sha256=` in front',
  ],
  [
    'key-without-prefix',
    'takes the prefix off the secret',
    ({ body, t, v1 }) => v1 === hmac(signed(t, body), REST),
    'keyed with the secret without its prefix wbhsec_',
  ],
  [
    'key-base64-decoded',
    'decodes the secret from base64',
    ({ body, t, v1 }) => v1 === hmac(signed(t, body), Buffer.from(REST, 'base64')),
    'keyed with the base64-decoded secret',
  ],
  [
    'key-undefined',
    "signs with the word 'undefined', for want of a secret",
    ({ body, t, v1 }) => v1 === hmac(signed(t, body), 'undefined'),
    "keyed with the word 'undefined' (the secret is not set?)",
  ],
  [
    'milliseconds',
    'compares t with a clock that counts milliseconds',
    ({ body, t, v1 }) => t.length === 13 && v1 === hmac(signed(t, body)),
    'expects t in milliseconds (Persona sends seconds)',
  ],
  [
    'comma-between-sets',
    'separates sets by commas and wants two',
    ({ body, header }) => {
      const [t = '', v1 = '', ...others] = header.split(',').map((pair) => pair.split('=')[1]);
      return others.length === 2 && v1 === hmac(signed(t, body));
    },
    'in two sets with a comma between them',
  ],
];

/** A signature of the wrong kind that it takes for the right one is an accepted forgery as well. */
const PROVES: Readonly<Record<string, readonly string[]>> = {
  'body-alone': ['SIG-10'],
  'bare-body-alone': ['SIG-10'],
  'secret-as-password': ['SIG-12'],
  're-serialised-alone': ['SIG-10'],
  base64: ['SIG-11'],
  'key-without-prefix': ['SIG-14'],
  'key-base64-decoded': ['SIG-14'],
  'key-undefined': ['SIG-13'],
};

export const MISTAKEN_MUTANTS: readonly Mutant[] = ROWS.map(([id, bug, isRight, diagnosis]) => ({
  id: `mistaken-${id}`,
  bug,
  create: () => new Mistaken(isRight),
  fails: ['ACK-01'],
  refusesGenuine: true,
  proves: PROVES[id] ?? [],
  diagnosis,
}));
