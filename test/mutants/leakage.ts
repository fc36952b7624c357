import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHmac } from 'node:crypto';
import { ModelReceiver, Refusal } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

class ReturnsErrorText extends ModelReceiver {
  override fail(response: ServerResponse, error: unknown) {
    const status = error instanceof Refusal ? error.status : 500;
    response.writeHead(status).end(error instanceof Error ? error.stack : 'error');
  }
}

class ReturnsExpectedSignature extends ModelReceiver {
  #expected = '';

  override isGenuine(body: Buffer, request: IncomingMessage) {
    const t = /^t=(\d+)/.exec(String(request.headers['persona-signature']))?.[1] ?? '';
    this.#expected = createHmac('sha256', this.secret ?? '')
      .update(`${t}.`)
      .update(body)
      .digest('hex');
    return super.isGenuine(body, request);
  }

  override fail(response: ServerResponse, error: unknown) {
    const status = error instanceof Refusal ? error.status : 500;
    response.writeHead(status).end(status === 401 ? `expected ${this.#expected}` : 'refused');
  }
}

class EchoesTheBody extends ModelReceiver {
  override accept(response: ServerResponse, body: Buffer) {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  }
}

class QuotesWhatItCannotRead extends ModelReceiver {
  override parse(body: Buffer) {
    try {
      return JSON.parse(body.toString('utf8')) as unknown;
    } catch (error) {
      throw new Refusal(400, String(error));
    }
  }

  override fail(response: ServerResponse, error: unknown) {
    const status = error instanceof Refusal ? error.status : 500;
    response.writeHead(status).end(error instanceof Refusal ? error.message : 'error');
  }
}

class LogsTheBody extends ModelReceiver {
  override async readBody(request: IncomingMessage) {
    const body = await super.readBody(request);
    this.log(body.toString('utf8'));
    return body;
  }
}

export const LEAKAGE_MUTANTS: readonly Mutant[] = [
  {
    id: 'returns-error-text',
    bug: 'answers with the stack trace of an error',
    create: () => new ReturnsErrorText(),
    fails: ['SEC-01'],
  },
  {
    id: 'returns-expected-signature',
    bug: 'answers a wrong signature with the right one',
    create: () => new ReturnsExpectedSignature(),
    fails: ['SEC-01'],
  },
  {
    id: 'echoes-the-body',
    bug: 'answers with the event that it got',
    create: () => new EchoesTheBody(),
    fails: ['SEC-02'],
  },
  {
    id: 'quotes-what-it-cannot-read',
    bug: "answers with the parser's message, which quotes the body",
    create: () => new QuotesWhatItCannotRead(),
    fails: ['SEC-02'],
  },
  {
    id: 'logs-the-body',
    bug: 'writes every body to its log',
    create: () => new LogsTheBody(),
    fails: ['SEC-03'],
  },
];
