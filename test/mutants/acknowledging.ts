import type { IncomingMessage, ServerResponse } from 'node:http';
import { ModelReceiver, Refusal, type Notice } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';
import { SIMULATED_MS_HEADER } from './simulated-time.ts';

class Slow extends ModelReceiver {
  readonly #takesMs: number;

  constructor(takesMs: number) {
    super();
    this.#takesMs = takesMs;
  }

  override accept(response: ServerResponse, body: Buffer): void {
    response.setHeader(SIMULATED_MS_HEADER, this.#takesMs);
    super.accept(response, body);
  }
}

class SlowAfterBoot extends ModelReceiver {
  #isCold = false;

  override restart(): void {
    super.restart();
    this.#isCold = true;
  }

  override accept(response: ServerResponse, body: Buffer): void {
    if (this.#isCold) response.setHeader(SIMULATED_MS_HEADER, 6_000);
    this.#isCold = false;
    super.accept(response, body);
  }
}

class ForgetsTheWork extends ModelReceiver {
  override take(_notice: Notice): Promise<void> {
    return Promise.resolve();
  }
}

class OtherSuccess extends ModelReceiver {
  override accept(response: ServerResponse, _body: Buffer): void {
    response.writeHead(203).end();
  }
}

class RedirectsToSlash extends ModelReceiver {
  override async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.endsWith('/')) return super.handle(request, response);
    request.resume();
    response.writeHead(308, { Location: `${path}/` }).end();
  }
}

class FailureInSuccess extends ModelReceiver {
  override fail(response: ServerResponse, error: unknown): void {
    const message = error instanceof Error ? error.message : 'failed';
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error: message }));
  }
}

class NeedsUserAgent extends ModelReceiver {
  override checkRequest(request: IncomingMessage): void {
    super.checkRequest(request);
    if (request.headers['user-agent'] === undefined) throw new Refusal(403, 'a robot');
  }
}

class NeedsCookie extends ModelReceiver {
  override checkRequest(request: IncomingMessage): void {
    super.checkRequest(request);
    if (request.headers.cookie === undefined) throw new Refusal(403, 'CSRF token missing');
  }
}

class AnyMethod extends ModelReceiver {
  override checkRequest(_request: IncomingMessage): void {
    // Whatever comes.
  }
}

class OtherMethodsBreak extends ModelReceiver {
  override checkRequest(request: IncomingMessage): void {
    if (request.method !== 'POST') throw new TypeError('body is undefined');
  }
}

class StrictMediaType extends ModelReceiver {
  override checkRequest(request: IncomingMessage): void {
    super.checkRequest(request);
    const type = request.headers['content-type'];
    if (type !== 'application/json; charset=utf-8') throw new Refusal(415, 'JSON only');
  }
}

class BareMediaType extends ModelReceiver {
  override checkRequest(request: IncomingMessage): void {
    super.checkRequest(request);
    if (request.headers['content-type'] !== 'application/json') throw new Refusal(415, 'JSON only');
  }
}

export const ACKNOWLEDGING_MUTANTS: readonly Mutant[] = [
  {
    id: 'works-before-answering',
    bug: 'does six seconds of work before it answers',
    create: () => new Slow(6_000),
    fails: ['ACK-01', 'ACK-03'],
    refusesGenuine: true,
    diagnosis: 'does not answer within 5 s',
  },
  {
    id: 'slow-answers',
    bug: 'takes three and a half seconds for each answer',
    create: () => new Slow(3_500),
    fails: ['ACK-03', 'NET-02'],
  },
  {
    id: 'slow-after-boot',
    bug: 'takes six seconds for the first answer after a start',
    create: () => new SlowAfterBoot(),
    fails: ['ACK-09'],
  },
  {
    id: 'forgets-the-work',
    bug: 'acknowledges events and does nothing',
    create: () => new ForgetsTheWork(),
    fails: ['ACK-01'],
  },
  {
    id: 'answers-203',
    bug: 'answers 203',
    create: () => new OtherSuccess(),
    fails: ['ACK-01', 'ACK-02'],
    refusesGenuine: true,
    diagnosis: 'status 203',
  },
  {
    id: 'redirects-to-slash',
    bug: 'redirects to the URL with a trailing slash',
    create: () => new RedirectsToSlash(),
    fails: ['ACK-01', 'ACK-04'],
    refusesGenuine: true,
    diagnosis: 'redirects to /webhooks/',
  },
  {
    id: 'failure-in-success',
    bug: 'answers 200 with an error in the body',
    create: () => new FailureInSuccess(),
    fails: ['ACK-05', 'RTY-01', 'RTY-05'],
  },
  {
    id: 'needs-user-agent',
    bug: 'refuses requests without a User-Agent',
    create: () => new NeedsUserAgent(),
    fails: ['ACK-06'],
  },
  {
    id: 'needs-cookie',
    bug: 'refuses requests without a cookie (CSRF protection)',
    create: () => new NeedsCookie(),
    fails: ['ACK-01', 'ACK-06'],
    refusesGenuine: true,
    diagnosis: 'the headers of a browser',
  },
  {
    id: 'any-method',
    bug: 'processes events whatever the method',
    create: () => new AnyMethod(),
    fails: ['ACK-07'],
  },
  {
    id: 'other-methods-break',
    bug: 'answers 500 to other methods than POST',
    create: () => new OtherMethodsBreak(),
    fails: ['ACK-07'],
  },
  {
    id: 'strict-media-type',
    bug: 'compares the Content-Type as a string',
    create: () => new StrictMediaType(),
    fails: ['ACK-08'],
  },
  {
    id: 'bare-media-type',
    bug: 'accepts no charset in the Content-Type',
    create: () => new BareMediaType(),
    fails: ['ACK-01', 'ACK-08'],
    refusesGenuine: true,
    diagnosis: 'Content-Type: application/json, without a charset',
  },
];
