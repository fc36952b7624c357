import type { IncomingMessage, ServerResponse } from 'node:http';
import { ModelReceiver } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';
import { SIMULATED_MS_HEADER } from './simulated-time.ts';

class SlowOnManySets extends ModelReceiver {
  override async handle(request: IncomingMessage, response: ServerResponse) {
    const isLong = String(request.headers['persona-signature']).split(',').length > 1_000;
    if (isLong) response.setHeader(SIMULATED_MS_HEADER, 1_100);
    await super.handle(request, response);
  }
}

/** Its supervisor needs the time of one request to start it again. */
class CrashesOnLargeHeader extends ModelReceiver {
  #isDown = false;

  override async handle(request: IncomingMessage, response: ServerResponse) {
    const wasDown = this.#isDown;
    this.#isDown = String(request.headers['persona-signature']).length > 12_000;
    if (wasDown || this.#isDown) request.socket.destroy();
    else await super.handle(request, response);
  }
}

class StoresLargeBodiesUnverified extends ModelReceiver {
  override maxBodyBytes = 10_485_760;

  override isGenuine(body: Buffer, request: IncomingMessage) {
    return body.length > 2_097_152 || super.isGenuine(body, request);
  }
}

class BreaksOnDepth extends ModelReceiver {
  override parse(body: Buffer) {
    if (body.includes('['.repeat(1_000))) throw new RangeError('Maximum call stack size exceeded');
    return super.parse(body);
  }
}

class TrustsForwardedFor extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage) {
    return request.headers['x-forwarded-for'] === '35.232.44.140' || super.isGenuine(body, request);
  }
}

class OpenWithoutSecret extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage) {
    return this.secret === undefined || super.isGenuine(body, request);
  }
}

class UndefinedAsKey extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage) {
    const { secret } = this;
    this.secret = secret ?? 'undefined';
    try {
      return super.isGenuine(body, request);
    } finally {
      this.secret = secret;
    }
  }
}

export const ABUSE_MUTANTS: readonly Mutant[] = [
  {
    id: 'slow-on-many-sets',
    bug: 'needs a second for a header with 2,000 v1',
    create: () => new SlowOnManySets(),
    fails: ['SEC-04'],
  },
  {
    id: 'crashes-on-large-header',
    bug: 'crashes on a signature header of 15 KiB',
    create: () => new CrashesOnLargeHeader(),
    fails: ['SEC-04'],
  },
  {
    id: 'stores-large-bodies-unverified',
    bug: 'takes bodies over 2 MiB without looking at their signature',
    create: () => new StoresLargeBodiesUnverified(),
    fails: ['SEC-05'],
  },
  {
    id: 'breaks-on-depth',
    bug: 'answers a deeply nested body with 500',
    create: () => new BreaksOnDepth(),
    fails: ['SEC-06'],
  },
  {
    id: 'trusts-forwarded-for',
    bug: "accepts anything that X-Forwarded-For says is from Persona's address",
    create: () => new TrustsForwardedFor(),
    fails: ['SEC-07'],
  },
  {
    id: 'open-without-secret',
    bug: 'accepts everything while its secret is not set',
    create: () => new OpenWithoutSecret(),
    fails: ['SEC-08'],
  },
  {
    id: 'undefined-as-key',
    bug: "signs with the word 'undefined' while its secret is not set",
    create: () => new UndefinedAsKey(),
    fails: ['SEC-08'],
  },
];
