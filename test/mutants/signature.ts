import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parseJson, serialise } from '../../src/json/text.ts';
import type { SignatureSet } from '../../src/signing/parse-header.ts';
import { MODEL_SECRET, ModelReceiver } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

const headerOf = (request: IncomingMessage) => request.headers['persona-signature'];

/** Every `t` and `v1`, whatever they are made of. */
function laxSetsOf(header: string): SignatureSet[] {
  return header.split(' ').flatMap((set) => {
    const match = /^t=(\d{1,12}),v1=([^,]*)$/.exec(set);
    return match === null ? [] : [{ t: match[1] ?? '', v1: match[2] ?? '' }];
  });
}

function hexOf(secret: string, { t, body }: { t: string; body: Buffer }, algorithm = 'sha256'): string {
  return createHmac(algorithm, secret).update(`${t}.`).update(body).digest('hex');
}

class NoVerification extends ModelReceiver {
  override isGenuine(_body: Buffer, _request: IncomingMessage): boolean {
    return true;
  }
}

class FormOnly extends ModelReceiver {
  override isSignedBy(_secret: string, _set: SignatureSet, _body: Buffer): boolean {
    return true;
  }
}

class PassesWithoutHeader extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage): boolean {
    return headerOf(request) === undefined || super.isGenuine(body, request);
  }
}

class TrimsTheBody extends ModelReceiver {
  override isSignedBy(secret: string, set: SignatureSet, body: Buffer): boolean {
    return super.isSignedBy(secret, set, Buffer.from(body.toString('latin1').trim(), 'latin1'));
  }
}

/** As parsers do that keep the spelling of numbers, e.g. Python's. */
class ReSerialisesKeepingNumbers extends ModelReceiver {
  override isSignedBy(secret: string, set: SignatureSet, body: Buffer): boolean {
    try {
      return super.isSignedBy(secret, set, Buffer.from(serialise(parseJson(body.toString('utf8')))));
    } catch {
      return super.isSignedBy(secret, set, body);
    }
  }
}

class TimestampOfAnotherHeader extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage): boolean {
    const t = String(request.headers['persona-webhook-first-attempted-at'] ?? '');
    const sets = this.setsOf(String(headerOf(request) ?? ''));
    return sets.some(({ v1 }) => this.isFresh(t) && this.isSignedBy(MODEL_SECRET, { t, v1 }, body));
  }
}

class HalfTheDigest extends ModelReceiver {
  override isSignedBy(secret: string, { t, v1 }: SignatureSet, body: Buffer): boolean {
    return hexOf(secret, { t, body }).slice(0, 32) === v1.slice(0, 32);
  }
}

class PrefixIsEnough extends ModelReceiver {
  override setsOf(header: string) {
    return laxSetsOf(header);
  }

  override isSignedBy(secret: string, { t, v1 }: SignatureSet, body: Buffer): boolean {
    return hexOf(secret, { t, body }).startsWith(v1);
  }
}

class NoLengthGuard extends ModelReceiver {
  override setsOf(header: string) {
    return laxSetsOf(header);
  }

  override isSignedBy(secret: string, { t, v1 }: SignatureSet, body: Buffer): boolean {
    const expected = createHmac('sha256', secret).update(`${t}.`).update(body).digest();
    return timingSafeEqual(Buffer.from(v1, 'hex'), expected);
  }
}

class UnguardedHeader extends ModelReceiver {
  override setsOf(header: string) {
    const pairs = header.split(', ')[0]!.split(',');
    const values = pairs.map((pair) => pair.split('=')[1]!.trim());
    return values.length === 0 ? [] : super.setsOf(header);
  }
}

class BodyAloneToo extends ModelReceiver {
  override isSignedBy(secret: string, set: SignatureSet, body: Buffer): boolean {
    const alone = createHmac('sha256', secret).update(body).digest('hex');
    return alone === set.v1 || super.isSignedBy(secret, set, body);
  }
}

class OtherAlgorithmsToo extends ModelReceiver {
  override setsOf(header: string) {
    return laxSetsOf(header);
  }

  override isSignedBy(secret: string, { t, v1 }: SignatureSet, body: Buffer): boolean {
    return ['sha256', 'sha1'].some((algorithm) => hexOf(secret, { t, body }, algorithm) === v1);
  }
}

class AnyLabel extends ModelReceiver {
  override setsOf(header: string) {
    return super.setsOf(header.replaceAll(/v\d=/g, 'v1='));
  }
}

class SecretPasses extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage): boolean {
    return headerOf(request) === MODEL_SECRET || super.isGenuine(body, request);
  }
}

class ExtraKey extends ModelReceiver {
  readonly #key: string;

  constructor(key: string) {
    super();
    this.#key = key;
  }

  override isSignedBy(secret: string, set: SignatureSet, body: Buffer): boolean {
    return super.isSignedBy(secret, set, body) || super.isSignedBy(this.#key, set, body);
  }
}

class RemembersSignatures extends ModelReceiver {
  readonly #verified = new Set<string>();

  override isGenuine(body: Buffer, request: IncomingMessage): boolean {
    const header = String(headerOf(request));
    if (this.#verified.has(header)) return true;
    const isGenuine = super.isGenuine(body, request);
    if (isGenuine) this.#verified.add(header);
    return isGenuine;
  }
}

class ExactHeaderName extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage): boolean {
    return request.rawHeaders.includes('Persona-Signature') && super.isGenuine(body, request);
  }
}

class TwoLinesBreak extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage): boolean {
    const lines = request.headersDistinct['persona-signature'] ?? [];
    if (lines.length > 1) throw new TypeError('header.split is not a function');
    return super.isGenuine(body, request);
  }
}

/** No finding: which of two lines counts is nobody's rule. */
class FirstLineCounts extends ModelReceiver {
  override setsOf(header: string) {
    return super.setsOf(header.split(', ')[0] ?? '');
  }
}

class TwoLinesPass extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage): boolean {
    const lines = request.headersDistinct['persona-signature'] ?? [];
    return lines.length > 1 || super.isGenuine(body, request);
  }
}

class ParsesFirst extends ModelReceiver {
  override async readBody(request: IncomingMessage): Promise<Buffer> {
    const body = await super.readBody(request);
    this.parse(body);
    return body;
  }
}

class BreaksOnOtherThanJson extends ModelReceiver {
  override parse(body: Buffer): unknown {
    return JSON.parse(body.toString('utf8'));
  }
}

/** `Object.fromEntries(header.split(',').map((pair) => pair.split('=')))`: the last v1 wins, the first has a tail. */
class MapOfPairs extends ModelReceiver {
  override setsOf(header: string) {
    const pairs: Record<string, string | undefined> = Object.fromEntries(
      header.split(',').map((pair) => pair.split('=')),
    );
    return super.setsOf(`t=${pairs['t']?.split(' ')[0] ?? ''},v1=${pairs['v1'] ?? ''}`);
  }
}

export const SIGNATURE_MUTANTS: readonly Mutant[] = [
  {
    id: 'no-verification',
    bug: 'does not look at the signature',
    create: () => new NoVerification(),
    // Also SIG-17 (two bad lines) and SIG-18 (nothing stands before the parser).
    fails: [
      'SIG-01',
      'SIG-02',
      'SIG-03',
      'SIG-04',
      'SIG-05',
      'SIG-06',
      'SIG-07',
      'SIG-08',
      'SIG-09',
      'SIG-10',
      'SIG-11',
      'SIG-12',
      'SIG-13',
      'SIG-14',
      'SIG-15',
      'SIG-17',
      'SIG-18',
      'ROT-03',
      'TIME-03',
      'TIME-04',
      'IDEM-07',
      'SEC-04',
      'SEC-07',
      'SEC-08',
    ],
  },
  {
    id: 'form-only',
    bug: 'checks that the header has the right form, and no more',
    create: () => new FormOnly(),
    fails: [
      'SIG-02',
      'SIG-03',
      'SIG-04',
      'SIG-05',
      'SIG-06',
      'SIG-10',
      'SIG-13',
      'SIG-14',
      'SIG-15',
      'SIG-17',
      'SIG-18',
      'ROT-03',
      'IDEM-07',
      'SEC-07',
    ],
  },
  {
    id: 'passes-without-header',
    bug: 'verifies only when there is a signature header',
    create: () => new PassesWithoutHeader(),
    fails: ['SIG-01', 'SEC-08'],
  },
  {
    id: 'trims-the-body',
    bug: 'takes white space off the body before verifying',
    create: () => new TrimsTheBody(),
    fails: ['SIG-04', 'RAW-07', 'RAW-11'],
  },
  {
    id: 're-serialises-keeping-numbers',
    bug: 'verifies the parsed and re-serialised body; numbers keep their spelling',
    create: () => new ReSerialisesKeepingNumbers(),
    fails: ['SIG-04', 'RAW-01', 'RAW-07', 'RAW-11'],
  },
  {
    id: 'timestamp-of-another-header',
    bug: 'verifies with the time of the first attempt instead of t',
    create: () => new TimestampOfAnotherHeader(),
    fails: ['SIG-05', 'TIME-07', 'RTY-02'],
  },
  {
    id: 'half-the-digest',
    bug: 'compares only the first half of v1',
    create: () => new HalfTheDigest(),
    fails: ['SIG-06'],
  },
  {
    id: 'prefix-is-enough',
    bug: 'asks whether the expected digest starts with v1',
    create: () => new PrefixIsEnough(),
    fails: ['SIG-07'],
  },
  {
    id: 'no-length-guard',
    bug: 'compares digests of unequal length with a function that throws',
    create: () => new NoLengthGuard(),
    fails: ['SIG-08'],
  },
  {
    id: 'unguarded-header',
    bug: 'takes the header apart without looking whether the parts are there',
    create: () => new UnguardedHeader(),
    fails: ['SIG-09'],
  },
  {
    id: 'with-or-without-t',
    bug: 'accepts the HMAC of the body alone as well',
    create: () => new BodyAloneToo(),
    // Not SIG-05: there v1 is over the old t, which neither way of computing gives.
    fails: ['SIG-10'],
  },
  {
    id: 'other-algorithms-too',
    bug: 'accepts HMAC-SHA1 as well',
    create: () => new OtherAlgorithmsToo(),
    fails: ['SIG-11'],
  },
  {
    id: 'any-label',
    bug: 'accepts any scheme label: v0, v2, …',
    create: () => new AnyLabel(),
    fails: ['SIG-11'],
  },
  {
    id: 'secret-passes',
    bug: 'accepts the secret itself in place of a signature',
    create: () => new SecretPasses(),
    fails: ['SIG-12'],
  },
  {
    id: 'key-undefined-too',
    bug: "also tries a second secret that is not set, which makes the key 'undefined'",
    create: () => new ExtraKey('undefined'),
    fails: ['SIG-13'],
  },
  {
    id: 'key-empty-too',
    bug: 'also tries a second secret that is not set, which makes the key empty',
    create: () => new ExtraKey(''),
    fails: ['SIG-13'],
  },
  {
    id: 'key-without-prefix-too',
    bug: 'also accepts signatures with the secret without its prefix',
    create: () => new ExtraKey(MODEL_SECRET.slice('wbhsec_'.length)),
    fails: ['SIG-14'],
  },
  {
    id: 'remembers-signatures',
    bug: 'trusts a header that it has verified before, with whatever body',
    create: () => new RemembersSignatures(),
    fails: ['SIG-15'],
  },
  {
    id: 'exact-header-name',
    bug: 'looks for the header name in one spelling only',
    create: () => new ExactHeaderName(),
    fails: ['SIG-16'],
  },
  {
    id: 'two-lines-break',
    bug: 'breaks when the signature header comes twice',
    create: () => new TwoLinesBreak(),
    fails: ['SIG-17'],
  },
  {
    id: 'two-lines-pass',
    bug: 'verifies only when the signature header comes once',
    create: () => new TwoLinesPass(),
    fails: ['SIG-17'],
  },
  {
    id: 'first-line-counts',
    bug: 'takes the first of two signature header lines',
    create: () => new FirstLineCounts(),
    fails: [],
  },
  {
    id: 'parses-first',
    bug: 'parses the body before it verifies it',
    create: () => new ParsesFirst(),
    fails: ['SIG-18'],
  },
  {
    id: 'breaks-on-other-than-json',
    bug: 'answers 500 to signed text that is not JSON',
    create: () => new BreaksOnOtherThanJson(),
    fails: ['SIG-18', 'RAW-07', 'ENV-12'],
  },
  {
    id: 'map-of-pairs',
    bug: 'splits the header on commas into a map',
    create: () => new MapOfPairs(),
    fails: ['ROT-01', 'ROT-04'],
  },
];
