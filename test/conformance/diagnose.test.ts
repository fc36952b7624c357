import { createHmac } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/conformance/diagnosis/diagnose.ts';
import { explainRefusal } from '../../src/conformance/diagnosis/refusals.ts';
import { parseJson } from '../../src/json/text.ts';
import { JSON_PRINTERS } from '../../src/signing/json-spellings.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { sampleFixture } from '../helpers/fixtures.ts';
import { partOf } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import { httpServer, tcpServer } from '../helpers/servers.ts';
import { ACKNOWLEDGING_MUTANTS } from '../mutants/acknowledging.ts';
import { MISTAKEN_MUTANTS } from '../mutants/mistaken.ts';
import { MODEL_SECRET, ModelReceiver, Refusal } from '../mutants/model-receiver.ts';
import { laboratoryFor } from '../mutants/run-model.ts';
import { QUICK } from '../mutants/quick.ts';

async function diagnosisOf(model: ModelReceiver, changes = {}) {
  await using receiver = await model.start();
  return await diagnose({ ...laboratoryFor(receiver), ...QUICK, ...changes });
}

const MUTANTS = [...MISTAKEN_MUTANTS, ...ACKNOWLEDGING_MUTANTS].filter(
  ({ refusesGenuine }) => refusesGenuine,
);

describe('the diagnosis', () => {
  test('is empty for a receiver that accepts genuine events', async () => {
    expect(await diagnosisOf(new ModelReceiver())).toBeUndefined();
  });

  test.each(partOf(MUTANTS, { part: SEED, of: 12 }))('of $id: $diagnosis', async ({ create, diagnosis }) => {
    expect(diagnosis).toBeDefined();
    expect(await diagnosisOf(create())).toContain(diagnosis);
  });

  test('is one sentence addressed to the owner of the receiver', async () => {
    const mutant = MUTANTS.find(({ id }) => id === 'mistaken-invented-header');
    expect(await diagnosisOf(mutant!.create())).toBe(
      "your receiver expects the signature in the header X-Persona-Signature (Persona's is Persona-Signature)",
    );
  });

  test('recognises the other secret of a rotation', async () => {
    const other = 'wbhsec_11111111-2222-3333-4444-555555555555';
    class KnowsTheOther extends ModelReceiver {
      override secret: string | undefined = other;
    }
    const otherSecrets = [new Secret(other)];
    expect(await diagnosisOf(new KnowsTheOther(), { otherSecrets })).toBe(
      "your receiver expects the webhook's other secret, not the current one",
    );
  });

  test('recognises the development secret', async () => {
    class NeverConfigured extends ModelReceiver {
      override secret: string | undefined = DEVELOPMENT_SECRET;
    }
    expect(await diagnosisOf(new NeverConfigured())).toContain('the development secret of `listen`');
  });

  test('does not blame the signature for a refusal of the event', async () => {
    class KnowsNoSuchInquiry extends ModelReceiver {
      override take(): Promise<void> {
        throw new Refusal(404, 'no such inquiry');
      }
    }
    class BreaksOnTheEvent extends ModelReceiver {
      override take(): Promise<void> {
        throw new TypeError('included[0] is undefined');
      }
    }
    expect(await diagnosisOf(new KnowsNoSuchInquiry())).toBe(
      'your receiver tells a genuine signature from a forged one (status 401), but refuses the event itself with status 404: "refused"; if it looks up the inquiry or the person first, create them with `create`, or set `referenceTemplate`',
    );
    expect(await diagnosisOf(new BreaksOnTheEvent())).toContain(
      'but then breaks on the event with status 500',
    );
  });

  test('says that a receiver changes its mind', async () => {
    class RefusesFirst extends ModelReceiver {
      #refusals = 2;

      override isGenuine(body: Buffer, request: IncomingMessage): boolean {
        this.#refusals -= 1;
        return this.#refusals < 0 && super.isGenuine(body, request);
      }
    }
    expect(await diagnosisOf(new RefusesFirst())).toContain('accepted the same kind of event a moment later');
  });

  test('says what looks odd about the secret when nothing is accepted', async () => {
    class Refuses extends ModelReceiver {
      override isGenuine(): boolean {
        throw new Refusal(400, 'no');
      }
    }
    expect(await diagnosisOf(new Refuses(), { secret: new Secret('"quoted"') })).toBe(
      'your receiver refuses everything with status 400: "refused", in every known form; most likely it has another secret; the secret given here has quotes around it',
    );
  });
});

const PRINTERS = JSON_PRINTERS.filter(({ id }) => !id.startsWith('javascript'));

describe('the diagnosis recognises', () => {
  const hmac = (key: string, text: string | Buffer) => createHmac('sha256', key).update(text).digest('hex');

  class Signs extends ModelReceiver {
    readonly #v1: (t: string, body: Buffer) => string;

    constructor(v1: (t: string, body: Buffer) => string) {
      super();
      this.#v1 = v1;
    }

    override isGenuine(body: Buffer, { headers }: IncomingMessage): boolean {
      const [, t = '', v1] = /^t=(\d+),v1=(.*)$/.exec(String(headers['persona-signature'])) ?? [];
      return v1 === this.#v1(t, body);
    }
  }

  const printedBy = (id: string) => (t: string, body: Buffer) => {
    const printer = JSON_PRINTERS.find((one) => one.id === id)!;
    return hmac(MODEL_SECRET, `${t}.${printer.print(parseJson(body.toString('utf8')))}`);
  };
  const keyed = (key: string) => (t: string, body: Buffer) => hmac(key, `${t}.${body.toString('utf8')}`);

  test.each<[string, (t: string, body: Buffer) => string]>([
    ...partOf(PRINTERS, { part: SEED, of: 12 }).map(({ id, name }): [string, ReturnType<typeof keyed>] => [
      `parsed and printed again as ${name} does (verify the bytes`,
      printedBy(id),
    ]),
    ['expects an HMAC of `<t>.[object Object]`', (t) => hmac(MODEL_SECRET, `${t}.[object Object]`)],
    ['keyed with the secret and quotes around it', keyed(`"${MODEL_SECRET}"`)],
    ['keyed with the secret and a line break', keyed(`${MODEL_SECRET}\n`)],
    [
      'keyed with the UUID alone and without its dashes',
      keyed(MODEL_SECRET.replace('wbhsec_', '').replaceAll('-', '')),
    ],
    ['of `<t>.<path>.<body>`', (t, body) => hmac(MODEL_SECRET, `${t}./webhooks.${body.toString('utf8')}`)],
    ['in upper-case hex', (t, body) => keyed(MODEL_SECRET)(t, body).toUpperCase()],
    ['with nothing between timestamp and body', (t, body) => hmac(MODEL_SECRET, t + body.toString('utf8'))],
    ['with the timestamp in milliseconds', (t, body) => keyed(MODEL_SECRET)(`${t}000`, body)],
  ])('a signature: %s', async (words, v1) => {
    const diagnosis = await diagnosisOf(new Signs(v1));
    expect(diagnosis).toContain(words);
    expect(diagnosis).not.toContain('another secret');
  });

  test('the secret without the oddity that a warning names', async () => {
    const secret = new Secret(`"${MODEL_SECRET}"`);
    expect(await diagnosisOf(new ModelReceiver(), { secret })).toBe(
      'your receiver expects an HMAC keyed with the secret without the quotes around it that were given here',
    );
  });
});

describe('when the signature is right, the diagnosis names', () => {
  /** Reads the body by a function of its own, and breaks where that finds nothing. */
  class Reads extends ModelReceiver {
    readonly #status: (body: any) => unknown;

    constructor(status: (body: any) => unknown) {
      super();
      this.#status = status;
    }

    override read(parsed: any): undefined {
      if (this.#status(parsed) === undefined) throw new Refusal(422, 'no inquiry');
      return undefined;
    }
  }

  test('that the receiver expects another inflection of keys', async () => {
    const model = new Reads((body) => body.data.attributes.created_at);
    expect(await diagnosisOf(model, { fixture: sampleFixture })).toBe(
      'your receiver expects keys in snake case: read them as the webhook is configured, or describe it with `webhook` (api-key-inflection: snake)',
    );
  });

  test('that the receiver expects the inquiry at the root', async () => {
    const model = new Reads((body) => (body.data.type === 'inquiry' ? true : undefined));
    expect(await diagnosisOf(model)).toBe(
      'your receiver expects the inquiry at the root of the body: in an event it stands at data.attributes.payload.data',
    );
  });

  test('that an accepted event has no effect', async () => {
    class DoesNothing extends ModelReceiver {
      override take(): Promise<void> {
        return Promise.resolve();
      }
    }
    expect(await diagnosisOf(new DoesNothing())).toBe(
      'your receiver accepts a genuine inquiry.approved (status 200: "{"received":true}") and does nothing: the oracle counts no effect under its event id; either the receiver ignores it, looks for a person or an inquiry that it does not know (`referenceTemplate`, `create`), or the oracle counts by another id',
    );
  });

  test('that a forgery is accepted in its place', async () => {
    class Inverted extends ModelReceiver {
      override isGenuine(body: Buffer, request: IncomingMessage): boolean {
        return !super.isGenuine(body, request);
      }
    }
    expect(await diagnosisOf(new Inverted())).toContain('is the comparison the wrong way round?');
  });
});

describe('when nothing is accepted, the diagnosis names', () => {
  test('a route that answers 404 in its own words, escaped', async () => {
    await using own = await httpServer((request, response) => {
      request.resume();
      response.statusCode = 404;
      response.end(request.url === '/hook' ? 'Verification\u009b not found' : 'Cannot POST');
    });
    expect(await diagnosisAt(new URL('/hook', own.url))).toBe(
      'your receiver has a route at /hook, which itself answers status 404 whatever is sent: "Verification\\u009b not found"; if it looks up the inquiry or the person first, create them with `create`, or set `referenceTemplate`',
    );
    await using none = await httpServer((request, response) => {
      request.resume();
      response.statusCode = 404;
      response.end(`<pre>Cannot POST ${request.url}</pre>`);
    });
    expect(await diagnosisAt(new URL('/hook', none.url))).toBe(
      'your receiver has no route at /hook: status 404 whatever is sent: "Cannot POST /hook"',
    );
  });

  const answering =
    (status: number, headers: Record<string, string> = {}): RequestListener =>
    (request, response) => {
      request.resume();
      response.writeHead(status, headers).end();
    };

  const diagnosisAt = async (url: URL) => {
    await using model = await new ModelReceiver().start();
    return await diagnose({ ...laboratoryFor(model), ...QUICK, url });
  };

  test('a login in front of the receiver', async () => {
    await using server = await httpServer(answering(401, { 'WWW-Authenticate': 'Basic realm="staging"' }));
    expect(await diagnosisAt(server.url)).toContain('asks for a login (Basic realm="staging")');
  });

  test('a success that does not count as accepted', async () => {
    await using server = await httpServer(answering(206));
    expect(await diagnosisAt(server.url)).toContain('answers with status 206, which does not count');
  });

  test('a port where nothing listens', async () => {
    const server = await httpServer(answering(200));
    await server[Symbol.asyncDispose]();
    expect(await diagnosisAt(server.url)).toBe(
      `nothing listens on 127.0.0.1:${server.port}: your receiver is not running, or not on that port`,
    );
  });

  test('a connection that the receiver closes', async () => {
    await using server = await tcpServer((socket) => socket.destroy());
    expect(await diagnosisAt(server.url)).toContain('closes the connection without an answer');
  });

  test.each<[number, Record<string, string>, string]>([
    [401, {}, 'either it has another secret, or a login or firewall stands before it'],
    [403, {}, 'refuses everything with status 403'],
    [404, {}, 'has no route at /hook: status 404 whatever is sent'],
    [405, {}, 'does not accept POST at /hook'],
    [413, {}, 'does not accept a body of this size'],
    [415, {}, 'does not accept JSON here'],
    [429, {}, 'limits the rate'],
    [302, { location: '/login' }, 'redirects to /login'],
    [503, {}, 'your receiver breaks: status 503 whatever is sent'],
  ])('the likely cause of status %i %o', (status, headers, words) => {
    const response = { status, headers, body: Buffer.alloc(0), truncated: false };
    const exchange = { kind: 'response', response, timings: { totalMs: 1 } } as const;
    const receiver = { url: new URL('http://127.0.0.1/hook'), secret: new Secret(DEVELOPMENT_SECRET) };
    expect(explainRefusal({ genuine: exchange, forged: exchange }, receiver)).toContain(words);
  });
});
