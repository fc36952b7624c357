import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { conform, type ConformOptions } from '../../src/conformance/conform.ts';
import type { Subject } from '../../src/conformance/person.ts';
import type { CheckReport } from '../../src/conformance/report.ts';
import { policyNamed } from '../helpers/policies.ts';
import { MODEL_SECRET, ModelReceiver, Refusal, type Notice } from '../mutants/model-receiver.ts';

/** Real receivers that were once judged wrongly, each made small. */
async function checksOf(model: ModelReceiver, options: Partial<ConformOptions>) {
  await using receiver = await model.start();
  const patience = { pollMs: 1, quietReadings: 1, deadlineMs: 1_000, effectMs: 20 };
  const report = await conform({
    ...{ receivers: [{ name: 'mine', url: receiver.url }], secret: MODEL_SECRET, pauseScale: 100 },
    ...{ seed: 7, patience, ...options },
  });
  return report.receivers[0]!.checks;
}

const judged = (checks: readonly CheckReport[]) => checks.map(({ id, verdict }) => `${id} ${verdict}`);
const failed = (checks: readonly CheckReport[]) =>
  checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);

describe('the persons of events', () => {
  class Notes extends ModelReceiver {
    readonly persons: string[] = [];

    override read(parsed: any) {
      this.persons.push(String(parsed?.data?.attributes?.payload?.data?.attributes?.['reference-id']));
      return super.read(parsed);
    }
  }

  test('differ from event to event, and are known by a UUID', async () => {
    const model = new Notes();
    await checksOf(model, { only: ['RAW-02', 'IDEM-01'] });
    // Both events of IDEM-01 are about one.
    expect(new Set(model.persons).size).toBe(model.persons.length - 1);
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(model.persons.filter((person) => !uuid.test(person))).toEqual([]);
  });

  test.each([
    ['user-{n}', ['user-101001', 'user-401001', 'user-401002', 'user-401003']],
    ['the same', ['the same', 'the same', 'the same', 'the same']],
  ])('follow the template %s', async (referenceTemplate, persons) => {
    const model = new Notes();
    await checksOf(model, { only: ['RAW-01'], referenceTemplate });
    expect(model.persons).toEqual(persons);
  });

  test('are created by the hook before the first event about them', async () => {
    const created: Subject[] = [];
    class KnowsWhatWasCreated extends ModelReceiver {
      override async take(notice: Notice) {
        if (!created.some(({ objectId }) => objectId === notice.objectId)) throw new Refusal(404, 'unknown');
        await super.take(notice);
      }
    }
    const create = (subject: Subject) => Promise.resolve(void created.push(subject));
    const model = new KnowsWhatWasCreated();
    const checks = await checksOf(model, {
      only: ['ACK-01', 'IDEM-01', 'ORD-01', 'ORD-04'],
      oracle: model.oracle,
      create,
    });
    expect(judged(checks)).toEqual(['ACK-01 pass', 'IDEM-01 pass', 'ORD-01 pass', 'ORD-04 fail']);
    expect(created[0]).toEqual({
      ...{ eventName: 'inquiry.approved', objectType: 'inquiry' },
      objectId: expect.stringMatching(/^inq_/) as string,
      referenceId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      accountId: expect.stringMatching(/^act_/) as string,
    });
  });
});

describe('where the genuine event is refused, only what is proven counts', () => {
  class AcceptsTheUnsigned extends ModelReceiver {
    override isGenuine(_body: Buffer, request: IncomingMessage) {
      return request.headers['persona-signature'] === undefined;
    }
  }
  class BreaksOnAnOddHeader extends ModelReceiver {
    override isGenuine(_body: Buffer, request: IncomingMessage) {
      if (request.headers['persona-signature'] === 'abc') throw new Error('cannot split');
      return false;
    }
  }

  test.each([
    ['an unsigned event', (): ModelReceiver => new AcceptsTheUnsigned(), 'needs-oracle', 'error'],
    ['a malformed header', (): ModelReceiver => new BreaksOnAnOddHeader(), 'error', 'fail'],
  ])('such as the reaction to %s', async (_, create, unsigned, malformed) => {
    const checks = await checksOf(create(), { only: ['ACK-01', 'SIG-01', 'SIG-02', 'SIG-09', 'RAW-01'] });
    expect(judged(checks)).toEqual([
      'ACK-01 fail',
      `SIG-01 ${unsigned}`,
      'SIG-02 error',
      `SIG-09 ${malformed}`,
      'RAW-01 error',
    ]);
  });

  test('nothing is proven by a receiver that breaks on every event', async () => {
    class Broken extends ModelReceiver {
      override checkRequest() {
        throw new Error('broken');
      }
    }
    const checks = await checksOf(new Broken(), { only: ['ACK-01', 'SIG'] });
    expect(failed(checks)).toEqual(['ACK-01']);
  });
});

test('a check alone gets the same verdict as in a whole run', async () => {
  class RefusesAll extends ModelReceiver {
    override isGenuine() {
      return false;
    }
  }
  const model = new RefusesAll();
  const options = { oracle: model.oracle, hooks: model.hooks };
  const whole = await checksOf(model, { ...options, only: ['ACK-01', 'RAW-02', 'RTY-01'] });
  const [alone] = await checksOf(model, { ...options, only: ['RTY-01'] });
  expect(whole.map(({ id }) => id)).toEqual(['ACK-01', 'RAW-02', 'RTY-01']);
  for (const { actual } of whole.slice(1)) expect(alone).toMatchObject({ verdict: 'error', actual });
});

test('an outage is not blamed when nothing is ever processed', async () => {
  class LosesAll extends ModelReceiver {
    override work() {
      return Promise.resolve();
    }
  }
  const model = new LosesAll();
  const checks = await checksOf(model, {
    oracle: model.oracle,
    hooks: model.hooks,
    only: ['ACK-01', 'RTY-01'],
  });
  expect(judged(checks)).toEqual(['ACK-01 fail', 'RTY-01 error']);
});

describe('a webhook that enables few events', () => {
  class KnowsTwo extends ModelReceiver {
    override read(parsed: any) {
      const notice = super.read(parsed);
      if (notice !== undefined && !['inquiry.completed', 'inquiry.failed'].includes(notice.name)) {
        throw new Refusal(400, 'not subscribed');
      }
      return notice;
    }
  }

  test('is sent only those events', async () => {
    const webhook = { 'enabled-events': ['inquiry.completed', 'inquiry.failed'] };
    const checks = await checksOf(new KnowsTwo(), { profile: 'strict', webhook });
    expect(checks.filter(({ verdict }) => ['fail', 'error', 'non-strict'].includes(verdict))).toEqual([]);
    expect(
      checks.filter(({ verdict }) => verdict === 'skipped').map(({ id, actual }) => `${id} ${actual}`),
    ).toEqual([
      'ORD-02 not run: the webhook does not enable inquiry.created',
      'ORD-04 not run: the webhook does not enable inquiry.approved',
      'ENV-02 not run: the webhook enables a fixed list of events, which no new name joins',
      'ENV-09 not run: the webhook enables no event of this kind',
      'NET-09 not run: the receiver is not behind https',
    ]);
  });
});

describe('SEC-01', () => {
  test('does not take a forged header that is quoted back for a leak', async () => {
    class Quotes extends ModelReceiver {
      override isGenuine(body: Buffer, request: IncomingMessage) {
        if (super.isGenuine(body, request)) return true;
        throw new Refusal(401, String(request.headers['persona-signature']).slice(0, 60));
      }
      override fail(response: ServerResponse, error: unknown) {
        response.writeHead(401).end(`malformed Persona-Signature: ${(error as Error).message}`);
      }
    }
    expect(judged(await checksOf(new Quotes(), { only: ['SIG-12', 'SEC-01'] }))).toEqual([
      'SIG-12 pass',
      'SEC-01 pass',
    ]);
  });

  class TellsOfLargeBodies extends ModelReceiver {
    override fail(response: ServerResponse, error: unknown) {
      if (!(error instanceof Refusal) || error.status !== 413) {
        super.fail(response, error);
        return;
      }
      response
        .writeHead(413)
        .end(
          'PayloadTooLargeError: too large\n    at readStream (/app/node_modules/raw-body/index.js:163:17)\n',
        );
    }
  }

  test.each([[['SEC-01']], [['SEC-05', 'SEC-01']]])(
    'in a run of %s names the answer with the trace, and shows it first',
    async (only) => {
      const checks = await checksOf(new TellsOfLargeBodies(), { only });
      const [check] = checks.filter(({ id }) => id === 'SEC-01');
      const first = only.length === 1 ? '5 MiB, forged' : 'SEC-05: 5 MiB, forged';
      expect(check?.verdict).toBe('fail');
      expect(check?.actual).toContain(
        `answers, first to '${first}': "at readStream (/app/node_modules/raw-body/index.js:163:17)"`,
      );
      expect(check?.wire[0]).toMatchObject({ label: first, response: { status: 413 } });
    },
  );

  test('names the other check that brought a leak to light in its repeat command', async () => {
    class TellsOnDelete extends ModelReceiver {
      override checkRequest(request: IncomingMessage) {
        if (request.method === 'DELETE') throw new Refusal(410, 'gone');
        super.checkRequest(request);
      }
      override fail(response: ServerResponse, error: unknown) {
        if (!(error instanceof Refusal) || error.status !== 410) {
          super.fail(response, error);
          return;
        }
        response.writeHead(405).end('Traceback (most recent call last)');
      }
    }
    const checks = await checksOf(new TellsOnDelete(), { only: ['ACK-07', 'SEC-01'] });
    expect(checks[1]?.actual).toMatch(
      /^a stack trace, in 1 of \d+ answers, first to 'ACK-07: DELETE with an event': "Traceback \(most recent call last\)"; to repeat it: `only` ACK-07,SEC-01$/,
    );
  });
});

test('RAW-08 does not take an event without a status for a hostile string', async () => {
  class NeedsStatus extends ModelReceiver {
    override read(parsed: any) {
      parsed.data.attributes.payload.data.attributes.status.toLowerCase();
      return super.read(parsed);
    }
  }
  const model = new NeedsStatus();
  expect(judged(await checksOf(model, { only: ['RAW-08'], oracle: model.oracle }))).toEqual(['RAW-08 pass']);
});

test('ACK-07 accepts a 405 to HEAD with a body as an answer', async () => {
  const server = createServer((socket) => {
    socket.once('data', (data) => {
      const isPost = data.toString('latin1').startsWith('POST');
      const status = isPost ? '200 OK' : '405 Method Not Allowed\r\nAllow: POST';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody`);
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const report = await conform({ receivers: [{ name: 'mine', url }], only: ['ACK-07'], seed: 7 });
  server.close();
  expect(report.receivers[0]!.checks[0]).toMatchObject({ verdict: 'pass', actual: 'GET: status 405' });
});

test.each([
  [undefined, 'non-strict'],
  [3_600, 'fail'],
])(
  'TIME-04 judges a receiver without a window by its promised tolerance (%s): %s',
  async (toleranceSeconds, verdict) => {
    class NoWindow extends ModelReceiver {
      override isFresh() {
        return true;
      }
    }
    const model = new NoWindow();
    const checks = await checksOf(model, { only: ['TIME-04'], oracle: model.oracle, toleranceSeconds });
    expect(judged(checks)).toEqual([`TIME-04 ${verdict}`]);
  },
);

test('SIG-08 lets pass a v1 of 65 digits of which the first 64 are right', async () => {
  class ReadsSixtyFour extends ModelReceiver {
    override setsOf(header: string) {
      return super.setsOf(header.replace(/(v1=[0-9a-f]{64}).$/, '$1'));
    }
  }
  const model = new ReadsSixtyFour();
  const [check] = await checksOf(model, { only: ['SIG-08'], oracle: model.oracle });
  expect(check).toMatchObject({
    verdict: 'non-strict',
    actual: '65 digits: status 200, and processed 1 time(s)',
  });
});

describe('the policy decides which status counts as accepted:', () => {
  class NoContent extends ModelReceiver {
    override accept(response: ServerResponse) {
      response.writeHead(204).end();
    }
  }

  test.each([
    ['persona-2022', 'non-strict'],
    ['persona-2026', 'pass'],
  ])('204 under %s is %s', async (name, verdict) => {
    const checks = await checksOf(new NoContent(), {
      policy: policyNamed(name),
      only: ['ACK-01', 'ACK-02', 'RAW-02'],
    });
    expect(judged(checks)).toEqual([`ACK-01 ${verdict}`, `ACK-02 ${verdict}`, 'RAW-02 pass']);
    if (verdict === 'pass') return;
    expect(checks[0]?.actual).toBe(
      "status 204: only 200 by the overview of 2022; Persona's pages of 2026 also accept 201, 202, 204: `policy` persona-2026",
    );
  });
});

describe('a receiver that wants other keys', () => {
  class ReadsSnakeCase extends ModelReceiver {
    override read(parsed: any) {
      if (parsed?.data?.attributes?.created_at === undefined) throw new Refusal(400, 'created_at is missing');
      return super.read(parsed);
    }
  }

  test('learns it from ENV-08 although it refuses the genuine event', async () => {
    const checks = await checksOf(new ReadsSnakeCase(), { only: ['ACK-01', 'ENV-08'] });
    expect(judged(checks)).toEqual(['ACK-01 fail', 'ENV-08 fail']);
    expect(checks[1]?.actual).toContain('; it accepts snake: is the webhook set to kebab at Persona?');
  });
});

describe('a run', () => {
  /** 429 after five requests, for a time that is as short as the test's time is scaled. */
  class Limited extends ModelReceiver {
    #count = 0;
    #untilMs = Infinity;
    readonly retryAfter: string;

    constructor(retryAfter: string) {
      super();
      this.retryAfter = retryAfter;
    }

    override checkRequest(request: IncomingMessage) {
      const nowMs = performance.now();
      if (nowMs > this.#untilMs) [this.#count, this.#untilMs] = [0, Infinity];
      this.#count += 1;
      if (this.#count > 5) {
        this.#untilMs = Math.min(this.#untilMs, nowMs + 90);
        throw new Refusal(429, 'slow down');
      }
      super.checkRequest(request);
    }

    override fail(response: ServerResponse, error: unknown) {
      if (error instanceof Refusal && error.status === 429)
        response.setHeader('Retry-After', this.retryAfter);
      super.fail(response, error);
    }
  }

  test('waits as long as a rate limit asks', async () => {
    const checks = await checksOf(new Limited('10'), {
      only: ['ACK-01', 'ROT', 'RAW-02', 'RAW-04', 'TIME-01', 'RTY-02', 'SIG-06'],
    });
    expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(checks.flatMap(({ wire }) => wire).some(({ response }) => response?.status === 429)).toBe(true);
  });

  test('names a rate limit that does not end, and counts no failure', async () => {
    class Locked extends Limited {
      #passed = 0;
      override checkRequest(request: IncomingMessage) {
        this.#passed += 1;
        if (this.#passed > 1) throw new Refusal(429, 'locked');
        super.checkRequest(request);
      }
    }
    const checks = await checksOf(new Locked('1'), { only: ['ACK-01', 'RAW-02'] });
    expect(judged(checks)).toEqual(['ACK-01 pass', 'RAW-02 error']);
    expect(checks[1]?.actual).toBe(
      'the receiver limits requests (status 429, Retry-After: 1), so nothing can be concluded: raise its limit for the test',
    );
  });

  test('waits for a receiver that is away for a moment', async () => {
    class Redeployed extends ModelReceiver {
      #requests = 0;
      override checkRequest(request: IncomingMessage) {
        this.#requests += 1;
        if (this.#requests === 3 || this.#requests === 4) throw new Refusal(502, 'bad gateway');
        super.checkRequest(request);
      }
    }
    expect(judged(await checksOf(new Redeployed(), { only: ['ACK-01', 'RAW-02'] }))).toEqual([
      'ACK-01 pass',
      'RAW-02 pass',
    ]);
  });

  test('reports a receiver that stays away as an error, or as a finding if the check broke it', async () => {
    class GoesAway extends ModelReceiver {
      readonly status: number;
      #requests = 0;
      constructor(status: number) {
        super();
        this.status = status;
      }
      override async handle(request: IncomingMessage, response: ServerResponse) {
        this.#requests += 1;
        if (this.#requests === 1) return super.handle(request, response);
        if (this.status === 0) request.socket.destroy();
        else throw new Refusal(this.status, 'away');
      }
    }
    const [, away] = await checksOf(new GoesAway(502), { only: ['ACK-01', 'RAW-02'] });
    expect(away).toMatchObject({
      verdict: 'error',
      actual: 'the receiver was away (status 502) and did not come back; nothing can be concluded',
    });
    const [, broken] = await checksOf(new GoesAway(0), { only: ['ACK-01', 'RAW-02'] });
    expect(broken?.verdict).toBe('fail');
  });
});
