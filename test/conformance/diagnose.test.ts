import type { IncomingMessage, RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/conformance/diagnosis/diagnose.ts';
import { explainRefusal } from '../../src/conformance/diagnosis/refusals.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/secret.ts';
import { httpServer, tcpServer } from '../helpers/servers.ts';
import { ACKNOWLEDGING_MUTANTS } from '../mutants/acknowledging.ts';
import { MISTAKEN_MUTANTS } from '../mutants/mistaken.ts';
import { ModelReceiver, Refusal } from '../mutants/model-receiver.ts';
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
  test('has nothing to say of a receiver that accepts genuine events', async () => {
    expect(await diagnosisOf(new ModelReceiver())).toBeUndefined();
  });

  test.each(MUTANTS)('of $id: $diagnosis', async ({ create, diagnosis }) => {
    expect(diagnosis).toBeDefined();
    expect(await diagnosisOf(create())).toContain(diagnosis);
  });

  test('is one sentence for the owner of the receiver', async () => {
    const mutant = MUTANTS.find(({ id }) => id === 'mistaken-invented-header');
    expect(await diagnosisOf(mutant!.create())).toBe(
      "your receiver expects the signature in the header X-Persona-Signature (Persona's is Persona-Signature)",
    );
  });

  test('names the other secret of the pair', async () => {
    const other = 'wbhsec_11111111-2222-3333-4444-555555555555';
    class KnowsTheOther extends ModelReceiver {
      override secret: string | undefined = other;
    }
    const otherSecrets = [new Secret(other)];
    expect(await diagnosisOf(new KnowsTheOther(), { otherSecrets })).toBe(
      "your receiver expects the webhook's other secret, not the current one",
    );
  });

  test('names the development secret', async () => {
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
      'your receiver tells a genuine signature from a forged one (status 401), but refuses the event itself with status 404',
    );
    expect(await diagnosisOf(new BreaksOnTheEvent())).toContain(
      'but then breaks on the event with status 500',
    );
  });

  test('does not trust a receiver that changes its mind', async () => {
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
      'your receiver refuses everything with status 400, in every form known here: most likely it has another secret; the secret given here has quotes around it',
    );
  });
});

describe('when nothing is accepted', () => {
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

  test('a login stands before it', async () => {
    await using server = await httpServer(answering(401, { 'WWW-Authenticate': 'Basic realm="staging"' }));
    expect(await diagnosisAt(server.url)).toContain('asks for a login (Basic realm="staging")');
  });

  test('a success that does not count', async () => {
    await using server = await httpServer(answering(206));
    expect(await diagnosisAt(server.url)).toContain('answers with status 206, which does not count');
  });

  test('nobody listens', async () => {
    const server = await httpServer(answering(200));
    await server[Symbol.asyncDispose]();
    expect(await diagnosisAt(server.url)).toBe(
      `nothing listens at 127.0.0.1:${server.port}: your receiver is not running, or not on that port`,
    );
  });

  test('the connection is closed', async () => {
    await using server = await tcpServer((socket) => socket.destroy());
    expect(await diagnosisAt(server.url)).toContain('closes the connection without an answer');
  });

  test.each<[number, Record<string, string>, string]>([
    [401, {}, 'either it has another secret, or a login or firewall stands before it'],
    [403, {}, 'refuses everything with status 403'],
    [404, {}, 'has no route at /hook: status 404 whatever is sent'],
    [405, {}, 'takes no POST at /hook'],
    [413, {}, 'takes no body of this size'],
    [415, {}, 'takes no JSON here'],
    [429, {}, 'limits the rate'],
    [302, { location: '/login' }, 'redirects to /login'],
    [503, {}, 'your receiver breaks: status 503 whatever is sent'],
  ])('status %i %o', (status, headers, words) => {
    const response = { status, headers, body: Buffer.alloc(0), truncated: false };
    const exchange = { kind: 'response', response, timings: { totalMs: 1 } } as const;
    const receiver = { url: new URL('http://127.0.0.1/hook'), secret: new Secret(DEVELOPMENT_SECRET) };
    expect(explainRefusal({ genuine: exchange, forged: exchange }, receiver)).toContain(words);
  });
});
