import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Subject } from '../../src/conformance/person.ts';
import { ModelReceiver, Refusal, type Notice } from '../mutants/model-receiver.ts';

/** The worker looks into its queue only now and then, as those of databases do. */
const WORKER_PAUSE_MS = 60;

/** Stores the event, answers, and works later; what fails is tried again at the next look. */
export class WorksInAQueue extends ModelReceiver {
  #waiting: Notice[] = [];
  #timer: NodeJS.Timeout | undefined;

  override start() {
    this.#timer = setInterval(() => void this.#drain(), WORKER_PAUSE_MS);
    return super.start();
  }

  override take(notice: Notice) {
    if (!this.isSeen(notice)) this.#waiting.push(notice);
    this.markSeen(notice);
    return Promise.resolve();
  }

  async #drain() {
    const jobs = this.#waiting.splice(0);
    for (const job of jobs) await this.work(job).catch(() => this.#waiting.push(job));
  }

  override [Symbol.asyncDispose]() {
    clearInterval(this.#timer);
    return super[Symbol.asyncDispose]();
  }
}

export class AnswersWith extends ModelReceiver {
  readonly #status: number;

  constructor(status: number) {
    super();
    this.#status = status;
  }

  override accept(response: ServerResponse) {
    response.writeHead(this.#status).end();
  }
}

/** As an API that describes its errors, also where it ignores an event. */
export class TellsErrorsInJson extends ModelReceiver {
  override accept(response: ServerResponse) {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end('{"ok":true,"error":null,"message":"event ignored: no error"}');
  }

  override fail(response: ServerResponse, error: unknown) {
    const status = error instanceof Refusal ? error.status : 500;
    const allow = status === 405 ? { Allow: 'POST' } : {};
    response.writeHead(status, { 'Content-Type': 'application/problem+json', ...allow });
    response.end(JSON.stringify({ title: 'refused', status, detail: (error as Error).message }));
  }
}

/** Verifies the bytes as they come, and knows nothing of media types and codings. */
export class LooksAtNoCoding extends ModelReceiver {
  override checkRequest(request: IncomingMessage) {
    if (request.method !== 'POST') throw new Refusal(405, 'POST only');
  }
}

interface ProxyLimits {
  readonly headerBytes: number;
  readonly headerStatus: number;
  readonly bodyBytes: number;
  readonly requestsPerConnection: number;
}

/** Behind a proxy with the usual limits, which answers in its place. */
export class BehindAProxy extends ModelReceiver {
  readonly #limits: ProxyLimits;
  readonly #requests = new WeakMap<Socket, number>();

  constructor(limits: Partial<ProxyLimits> = {}) {
    super();
    this.#limits = {
      ...{ headerBytes: 8_192, headerStatus: 400, bodyBytes: 1_048_576, requestsPerConnection: 1_000 },
      ...limits,
    };
  }

  override async handle(request: IncomingMessage, response: ServerResponse) {
    const { headerBytes, headerStatus, bodyBytes, requestsPerConnection } = this.#limits;
    const requests = (this.#requests.get(request.socket) ?? 0) + 1;
    this.#requests.set(request.socket, requests);
    if (requests >= requestsPerConnection) response.setHeader('Connection', 'close');
    const isTooLarge = Number(request.headers['content-length'] ?? 0) > bodyBytes;
    const isTooLong = request.rawHeaders.join('').length + 2 * request.rawHeaders.length > headerBytes;
    if (!isTooLarge && !isTooLong) return super.handle(request, response);
    response.setHeader('Connection', 'close');
    request.resume();
    response.writeHead(isTooLong ? headerStatus : 413).end('<html><title>refused</title></html>');
  }
}

/** An API gateway has a route for POST alone, and words of its own for all others. */
export class BehindAGateway extends BehindAProxy {
  constructor() {
    super({ headerBytes: 10_240, headerStatus: 431, bodyBytes: 10_485_760 });
  }

  override checkRequest(request: IncomingMessage) {
    if (request.method !== 'POST') throw new Refusal(403, 'Missing Authentication Token');
    super.checkRequest(request);
  }
}

/** A connection for each request, and an answer that ends with it. */
export class SpeaksHttp10 extends ModelReceiver {
  override accept(response: ServerResponse) {
    this.#say(response, '200 OK', 'ok');
  }

  override fail(response: ServerResponse, error: unknown) {
    this.#say(response, `${error instanceof Refusal ? error.status : 500} Refused`, 'refused');
  }

  #say({ socket, req }: ServerResponse, status: string, text: string) {
    req.resume();
    socket?.end(`HTTP/1.0 ${status}\r\nAllow: POST\r\n\r\n${req.method === 'HEAD' ? '' : text}`);
  }
}

/** Has a list of two events, and says 200 to all others. */
export class ActsOnCompletions extends ModelReceiver {
  override async take(notice: Notice) {
    if (['inquiry.completed', 'inquiry.failed'].includes(notice.name)) await super.take(notice);
  }
}

/** Keeps no event ids: an event that is not newer than what is stored of its inquiry is a repeat, or late. */
export class KeepsByInquiry extends ModelReceiver {
  readonly #known = new Map<string, string>();

  override isSeen({ objectId, createdAt, name, status }: Notice) {
    const order = `${createdAt} ${rankOf(status)}`;
    return !name.startsWith('inquiry.') || order <= (this.#known.get(objectId) ?? '');
  }

  override markSeen({ objectId, createdAt, status }: Notice) {
    this.#known.set(objectId, `${createdAt} ${rankOf(status)}`);
  }

  override forget({ objectId }: Notice) {
    this.#known.delete(objectId);
  }

  override update({ objectId, status = '', createdAt }: Notice) {
    this.store.objects.set(objectId, { status, createdAt });
  }
}

function rankOf(status = ''): number {
  const ranks = [
    'created',
    'pending',
    'completed',
    'failed',
    'expired',
    'needs_review',
    'declined',
    'approved',
  ];
  return ranks.indexOf(status);
}

export class AllowsSeconds extends ModelReceiver {
  constructor(toleranceSeconds: number) {
    super();
    this.toleranceSeconds = toleranceSeconds;
  }
}

/** Looks up the inquiry, and says 200 to those about strangers, since no retry will help. */
export class KnowsItsInquiries extends ModelReceiver {
  readonly #known = new Set<string>();

  override create({ objectId }: Subject) {
    this.#known.add(objectId);
  }

  override async take(notice: Notice) {
    if (this.#known.has(notice.objectId)) await super.take(notice);
  }
}

export interface Realistic {
  readonly create: () => ModelReceiver;
  /** What is only not strict, by design. */
  readonly notStrict?: readonly string[];
}

/** Receivers as they are run: right, and each with something that could be taken for a fault. */
export const REALISTIC: Readonly<Record<string, Realistic>> = {
  'works in a queue': { create: () => new WorksInAQueue() },
  'answers 202': { create: () => new AnswersWith(202), notStrict: ['ACK-01', 'ACK-02'] },
  'answers 204': { create: () => new AnswersWith(204), notStrict: ['ACK-01', 'ACK-02'] },
  'tells errors in JSON': { create: () => new TellsErrorsInJson() },
  'looks at no coding': { create: () => new LooksAtNoCoding() },
  'is behind a proxy': { create: () => new BehindAProxy() },
  'is behind a proxy that soon closes connections': {
    create: () => new BehindAProxy({ requestsPerConnection: 2 }),
  },
  'is behind an API gateway': { create: () => new BehindAGateway() },
  'speaks HTTP/1.0': { create: () => new SpeaksHttp10() },
  'acts on completions alone': { create: () => new ActsOnCompletions() },
  'keeps its state by inquiry': { create: () => new KeepsByInquiry() },
  'knows its inquiries': { create: () => new KnowsItsInquiries() },
  'allows a minute': { create: () => new AllowsSeconds(60) },
  'allows three minutes': { create: () => new AllowsSeconds(180) },
  'allows ten minutes': { create: () => new AllowsSeconds(600), notStrict: ['TIME-03'] },
  'allows any time': {
    create: () => new AllowsSeconds(Number.POSITIVE_INFINITY),
    notStrict: ['TIME-03', 'TIME-04', 'TIME-06'],
  },
};
