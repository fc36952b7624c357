import type { IncomingMessage } from 'node:http';
import { ModelReceiver, Refusal } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

type Set = { t: string; v1: string };

class VerifiesReserialised extends ModelReceiver {
  override isSignedBy(secret: string, set: Set, body: Buffer) {
    return super.isSignedBy(secret, set, Buffer.from(JSON.stringify(this.parse(body))));
  }
}

class VerifiesLatin1 extends ModelReceiver {
  override isSignedBy(secret: string, set: Set, body: Buffer) {
    return super.isSignedBy(secret, set, Buffer.from(body.toString('latin1')));
  }
}

class VerifiesEscaped extends ModelReceiver {
  override isSignedBy(secret: string, set: Set, body: Buffer) {
    const escaped = body
      .toString('utf8')
      .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    return super.isSignedBy(secret, set, Buffer.from(escaped));
  }
}

class VerifiesTrimmed extends ModelReceiver {
  override isSignedBy(secret: string, set: Set, body: Buffer) {
    return super.isSignedBy(secret, set, Buffer.from(body.toString('utf8').trim()));
  }
}

class DecodesChunks extends ModelReceiver {
  override async readBody(request: IncomingMessage) {
    let text = '';
    for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString('utf8');
    return Buffer.from(text);
  }
}

/** What a reviver does that guards against lost digits by throwing. */
class RefusesBigIntegers extends ModelReceiver {
  override parse(body: Buffer) {
    super.parse(body);
    return JSON.parse(body.toString('utf8'), (_key, value: unknown) => {
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new Refusal(400, 'too big');
      return value;
    });
  }
}

class RefusesIntegerLikeKeys extends ModelReceiver {
  override parse(body: Buffer) {
    if (/"\d+":/.test(body.toString('utf8'))) throw new Refusal(400, 'keys are names');
    return super.parse(body);
  }
}

class BreaksOnDoubledKeys extends ModelReceiver {
  override parse(body: Buffer) {
    if (body.toString('utf8').split('"twice"').length > 2) throw new Error('duplicate key');
    return super.parse(body);
  }
}

class BreaksOnByteOrderMark extends ModelReceiver {
  override parse(body: Buffer) {
    if (body[0] === 0xef) throw new Error('Unexpected token');
    return super.parse(body);
  }
}

class CannotStoreNul extends ModelReceiver {
  override parse(body: Buffer) {
    if (body.includes('\\u0000')) throw new Error('unsupported Unicode escape sequence');
    return super.parse(body);
  }
}

/** The prototype of its defaults is its own, so that the process of the tests stays clean. */
class PollutesPrototype extends ModelReceiver {
  readonly #prototype: any = {};

  override read(parsed: any) {
    const attributes: any = Object.create(this.#prototype);
    this.#merge(attributes, parsed?.data?.attributes?.payload?.data?.attributes ?? {});
    const notice = super.read(parsed);
    return notice === undefined ? undefined : { ...notice, status: attributes.status };
  }

  #merge(target: any, source: any): void {
    // Through `constructor` it would reach the prototype of all objects.
    for (const key of Object.keys(source).filter((name) => name !== 'constructor')) {
      const isDeep = typeof source[key] === 'object' && source[key] !== null;
      if (isDeep && target[key] !== undefined) this.#merge(target[key], source[key]);
      else if (!isDeep) target[key] = source[key];
    }
  }
}

class NeedsMediaType extends ModelReceiver {
  override checkRequest(request: IncomingMessage) {
    super.checkRequest(request);
    if (!request.headers['content-type']!.includes('json')) throw new Refusal(415, 'JSON only');
  }
}

export const RAW_BODY_MUTANTS: readonly Mutant[] = [
  {
    id: 'verifies-reserialised-body',
    bug: 'verifies JSON.stringify(JSON.parse(body))',
    create: () => new VerifiesReserialised(),
    // Ordinary events pass; those with `100.0` in what they include do not (ENV-01).
    fails: [
      ...['SIG-04', 'SIG-18', 'RAW-01', 'RAW-02', 'RAW-03', 'RAW-04', 'RAW-06', 'RAW-07', 'RAW-11'],
      ...['ENV-01', 'ENV-09', 'SEC-06'],
    ],
  },
  {
    id: 'hmac-over-latin1',
    bug: 'computes the HMAC over body.toString("latin1")',
    create: () => new VerifiesLatin1(),
    fails: ['RAW-05', 'RAW-11'],
  },
  {
    id: 'hmac-over-escaped-text',
    bug: 'verifies the body as a serialiser that escapes all but ASCII would write it',
    create: () => new VerifiesEscaped(),
    fails: ['RAW-05', 'RAW-11'],
  },
  {
    id: 'hmac-over-trimmed-body',
    bug: 'verifies the body without the white space around it',
    create: () => new VerifiesTrimmed(),
    fails: ['SIG-04', 'RAW-07', 'RAW-11'],
  },
  {
    id: 'decodes-each-chunk',
    bug: 'decodes each chunk of the body by itself',
    create: () => new DecodesChunks(),
    fails: ['RAW-09'],
  },
  {
    id: 'refuses-big-integers',
    bug: 'refuses a number that JavaScript cannot hold exactly',
    create: () => new RefusesBigIntegers(),
    fails: ['RAW-03', 'RAW-11', 'SEC-06'],
  },
  {
    id: 'refuses-integer-like-keys',
    bug: 'refuses keys that look like numbers',
    create: () => new RefusesIntegerLikeKeys(),
    fails: ['RAW-06', 'RAW-11'],
  },
  {
    id: 'breaks-on-doubled-keys',
    bug: 'answers 500 to a doubled key',
    create: () => new BreaksOnDoubledKeys(),
    fails: ['RAW-06'],
  },
  {
    id: 'breaks-on-byte-order-mark',
    bug: 'answers 500 to a byte order mark',
    create: () => new BreaksOnByteOrderMark(),
    fails: ['RAW-07'],
  },
  {
    id: 'cannot-store-nul',
    bug: 'answers 500 to a NUL escape, as its database cannot hold one',
    create: () => new CannotStoreNul(),
    fails: ['RAW-08'],
  },
  {
    id: 'pollutes-the-prototype',
    bug: 'merges attributes into its defaults, __proto__ included',
    create: () => new PollutesPrototype(),
    fails: ['RAW-08'],
  },
  {
    id: 'needs-a-media-type',
    bug: 'answers 500 to a request without a Content-Type',
    create: () => new NeedsMediaType(),
    fails: ['ACK-08', 'RAW-10'],
  },
];
