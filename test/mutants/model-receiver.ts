import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Oracle } from '../../src/conformance/oracle.ts';
import type { Subject } from '../../src/conformance/person.ts';

export const MODEL_SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';

/** What the model takes from an event; everything else is ignored. */
export interface Notice {
  readonly eventId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly objectId: string;
  readonly status: string | undefined;
}

/** What survives a restart: in production, a database. */
export interface Store {
  readonly seen: Set<string>;
  readonly processed: Map<string, number>;
  readonly objects: Map<string, { readonly status: string; readonly createdAt: string }>;
}

export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * A receiver that does everything right. Each step is a method, and each mutant is a subclass that gets exactly
 * one of them wrong.
 */
export class ModelReceiver implements AsyncDisposable {
  readonly store: Store = { seen: new Set(), processed: new Map(), objects: new Map() };
  readonly logLines: string[] = [];
  secret: string | undefined = MODEL_SECRET;
  isDependencyDown = false;
  areWritesDown = false;
  toleranceSeconds = 300;
  maxBodyBytes = 2_097_152;
  #server: Server | undefined;
  url = '';

  async start(): Promise<this> {
    const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
      void this.handle(request, response).catch((error: unknown) => {
        this.fail(response, error);
      });
    });
    server.keepAliveTimeout = 5_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
    this.#server = server;
    return this;
  }

  /** From the request to the answer, in the only right order: bytes, signature, parse, claim, work, answer. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.checkRequest(request);
    const body = await this.readBody(request);
    this.log(`received ${body.length} bytes`);
    if (!this.isGenuine(body, request)) throw new Refusal(401, 'bad signature');
    const notice = this.read(this.parse(body));
    if (notice !== undefined) await this.take(notice);
    this.accept(response, body);
  }

  checkRequest(request: IncomingMessage): void {
    if (request.method !== 'POST') throw new Refusal(405, 'POST only');
    const coding = request.headers['content-encoding'] ?? 'identity';
    if (coding !== 'identity') throw new Refusal(415, 'no coding is understood');
  }

  async readBody(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= this.maxBodyBytes) chunks.push(chunk);
    }
    if (length > this.maxBodyBytes) throw new Refusal(413, 'too large');
    return Buffer.concat(chunks);
  }

  isGenuine(body: Buffer, request: IncomingMessage): boolean {
    if (this.secret === undefined) throw new Refusal(500, 'no secret configured');
    const header = request.headers['persona-signature'];
    if (typeof header !== 'string') return false;
    return this.setsOf(header).some(
      (set) => this.isFresh(set.t) && this.isSignedBy(this.secret ?? '', set, body),
    );
  }

  /** `t=…,v1=… t=…,v1=…`; a set that cannot be read is a set that does not match. */
  setsOf(header: string): { t: string; v1: string }[] {
    return header.split(' ').flatMap((set) => {
      const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(set);
      return match === null ? [] : [{ t: match[1] ?? '', v1: match[2] ?? '' }];
    });
  }

  isFresh(t: string): boolean {
    return Math.abs(this.nowSeconds() - Number(t)) <= this.toleranceSeconds;
  }

  nowSeconds(): number {
    return Date.now() / 1000;
  }

  isSignedBy(secret: string, { t, v1 }: { t: string; v1: string }, body: Buffer): boolean {
    const expected = createHmac('sha256', secret).update(`${t}.`).update(body).digest();
    const given = Buffer.from(v1, 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  parse(body: Buffer): unknown {
    try {
      return JSON.parse(body.toString('utf8'));
    } catch {
      throw new Refusal(400, 'not JSON');
    }
  }

  /** Undefined for what is not an event of an object: acknowledged and ignored, so that it is not sent again. */
  read(parsed: any): Notice | undefined {
    const attributes = parsed?.data?.attributes;
    const object = attributes?.payload?.data;
    if (typeof parsed?.data?.id !== 'string' || typeof attributes?.name !== 'string') {
      throw new Refusal(400, 'not an event');
    }
    return {
      eventId: parsed.data.id,
      name: attributes.name,
      createdAt: String(attributes['created-at'] ?? attributes.createdAt ?? attributes.created_at ?? ''),
      objectId: String(object?.id ?? ''),
      status: object?.attributes?.status ?? undefined,
    };
  }

  /** Claims the event id before the work, and gives it back when the work fails. */
  async take(notice: Notice): Promise<void> {
    if (this.isSeen(notice)) return;
    this.markSeen(notice);
    try {
      await this.work(notice);
    } catch (error) {
      this.forget(notice);
      throw error;
    }
  }

  isSeen({ eventId }: Notice): boolean {
    return this.store.seen.has(eventId);
  }

  markSeen({ eventId }: Notice): void {
    this.store.seen.add(eventId);
  }

  forget({ eventId }: Notice): void {
    this.store.seen.delete(eventId);
  }

  async work(notice: Notice): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.isDependencyDown) throw new Refusal(503, 'database down');
    if (this.areWritesDown) throw new Refusal(503, 'read only');
    const { processed } = this.store;
    processed.set(notice.eventId, (processed.get(notice.eventId) ?? 0) + 1);
    this.update(notice);
  }

  /** Later news win, whatever their order of arrival; of two at the same time, the greater status. */
  update({ objectId, status, createdAt }: Notice): void {
    if (status === undefined) return;
    const known = this.store.objects.get(objectId);
    const isNewer = known === undefined || `${createdAt} ${status}` > `${known.createdAt} ${known.status}`;
    if (isNewer) this.store.objects.set(objectId, { status, createdAt });
  }

  accept(response: ServerResponse, _body: Buffer): void {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"received":true}');
  }

  fail(response: ServerResponse, error: unknown): void {
    const status = error instanceof Refusal ? error.status : 500;
    if (response.headersSent) return;
    const allow = status === 405 ? { Allow: 'POST' } : {};
    response
      .writeHead(status, { 'Content-Type': 'text/plain', ...allow })
      .end(status === 500 ? 'error' : 'refused');
  }

  log(line: string): void {
    this.logLines.push(line);
  }

  /** What the hook `create` does: the model takes whom it does not know. */
  create(_subject: Subject): void {}

  /** Forgets what is only in memory; the store stays. */
  restart(): void {
    this.isDependencyDown = false;
    this.areWritesDown = false;
  }

  get oracle(): Oracle {
    return {
      tellsState: true,
      read: () =>
        Promise.resolve({
          processed: (eventId) => this.store.processed.get(eventId) ?? 0,
          status: (objectId) => this.store.objects.get(objectId)?.status,
        }),
    };
  }

  get hooks(): Record<string, () => Promise<void>> {
    const act = (change: () => void) => () => {
      change();
      return Promise.resolve();
    };
    return {
      restart: act(() => {
        this.restart();
        this.secret = MODEL_SECRET;
      }),
      'dependency-down': act(() => (this.isDependencyDown = true)),
      'dependency-up': act(() => (this.isDependencyDown = false)),
      'writes-down': act(() => (this.areWritesDown = true)),
      'writes-up': act(() => (this.areWritesDown = false)),
      'unset-secret': act(() => (this.secret = undefined)),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      this.#server?.close(() => resolve());
      this.#server?.closeAllConnections();
    });
  }
}
