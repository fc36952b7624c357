import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ModelReceiver, Refusal } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

class NeedsContentLength extends ModelReceiver {
  override checkRequest(request: IncomingMessage) {
    super.checkRequest(request);
    if (request.headers['content-length'] === undefined) throw new Refusal(411, 'how long?');
  }
}

class HangsOnExpect extends ModelReceiver {
  override async handle(request: IncomingMessage, response: ServerResponse) {
    if (request.headers.expect === undefined) await super.handle(request, response);
  }
}

class OneEventPerConnection extends ModelReceiver {
  readonly #used = new WeakSet<Socket>();

  override checkRequest(request: IncomingMessage) {
    super.checkRequest(request);
    if (this.#used.has(request.socket)) throw new Error('the parser is in the wrong state');
    this.#used.add(request.socket);
  }
}

class ProcessesWhatArrived extends ModelReceiver {
  override async readBody(request: IncomingMessage) {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      // Cut off: what is there may do.
    }
    const body = Buffer.concat(chunks);
    if (body.length > this.maxBodyBytes) throw new Refusal(413, 'too large');
    return body;
  }
}

class FrameworkBodyLimit extends ModelReceiver {
  override maxBodyBytes = 102_400;
}

class FewHeaders extends ModelReceiver {
  override checkRequest(request: IncomingMessage) {
    super.checkRequest(request);
    if (Object.keys(request.headers).length > 40) throw new Refusal(431, 'too many headers');
  }
}

class RoutesOnTheQuery extends ModelReceiver {
  override checkRequest(request: IncomingMessage) {
    super.checkRequest(request);
    if (request.url !== '/webhooks') throw new Refusal(404, 'no such route');
  }
}

class BreaksOnDrips extends ModelReceiver {
  override async readBody(request: IncomingMessage) {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const drips = chunks.filter(({ length }) => length < 4_000);
    if (drips.length > 6) throw new Error('a piece was lost');
    const body = Buffer.concat(chunks);
    if (body.length > this.maxBodyBytes) throw new Refusal(413, 'too large');
    return body;
  }
}

export const TRANSPORT_MUTANTS: readonly Mutant[] = [
  {
    id: 'needs-content-length',
    bug: 'refuses a body without Content-Length',
    create: () => new NeedsContentLength(),
    fails: ['NET-01'],
  },
  {
    id: 'hangs-on-expect',
    bug: 'never answers a request with Expect: 100-continue',
    create: () => new HangsOnExpect(),
    fails: ['NET-02'],
  },
  {
    id: 'one-event-per-connection',
    bug: 'breaks on the second request of a connection',
    create: () => new OneEventPerConnection(),
    fails: ['NET-03'],
  },
  {
    id: 'processes-what-arrived',
    bug: 'processes a body although the connection was cut',
    create: () => new ProcessesWhatArrived(),
    fails: ['NET-04'],
  },
  {
    id: 'framework-body-limit',
    bug: 'refuses bodies over 100 KiB, as frameworks do by default',
    create: () => new FrameworkBodyLimit(),
    fails: ['NET-05'],
  },
  {
    id: 'few-headers',
    bug: 'refuses a request with more than 40 headers',
    create: () => new FewHeaders(),
    fails: ['NET-06'],
  },
  {
    id: 'routes-on-the-query',
    bug: 'compares the whole URL with its route and answers 404 when there is a query',
    create: () => new RoutesOnTheQuery(),
    fails: ['NET-07'],
  },
  {
    id: 'breaks-on-drips',
    bug: 'breaks on a body that comes in many small pieces',
    create: () => new BreaksOnDrips(),
    fails: ['NET-08'],
  },
];
