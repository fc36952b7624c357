import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/create-sandbox.ts';
import type { HttpSender } from '../../src/ports.ts';
import { manualClock } from '../helpers/virtual-clock.ts';

export const KEY = 'persona_sandbox_00000000-0000-4000-8000-000000000000';
export const GOVERNMENT_ID = 'vtmpl_GovernmentiDSampLeSampLe';
export const SELFIE = 'vtmpl_SeLfieSampLeSampLeSampLe';
export const DOCUMENT = 'vtmpl_DocumentSampLeSampLeSamp';
export const DATABASE = 'vtmpl_DatabaseSampLeSampLeSamp';
export const TEMPLATE = 'itmpl_inquiryTempLateSampLeSam';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

/** Accepts everything at once. */
export const acceptsAll: HttpSender = {
  send: () =>
    Promise.resolve({
      kind: 'response',
      response: { status: 200, headers: {}, body: Buffer.from(''), truncated: false },
      timings: { totalMs: 1 },
    }),
};

/** A sandbox without a port, on a clock that stands still until it is moved. */
export async function quietSandbox(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; call: Call }> {
  const clock = manualClock(Date.parse('2026-01-31T12:00:00.250Z'));
  const sandbox = await createSandbox({ port: false, clock, randomSeed: 1, ...options });
  return { sandbox, call: callerOf(sandbox) };
}

export function callerOf(sandbox: Sandbox): Call {
  return async (method, path, body, headers = {}) => {
    const response = await sandbox.fetch(`${sandbox.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${KEY}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
}

export async function newInquiry(call: Call, attributes: object = {}, meta: object = {}): Promise<string> {
  const data = { attributes: { 'inquiry-template-id': TEMPLATE, ...attributes } };
  const { status, body } = await call('POST', '/inquiries', { data, meta });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.data.id;
}

export function simulate(call: Call, id: string, ...types: string[]): Promise<Reply> {
  const actions = types.map((text) => {
    const [type = '', template] = text.split(' ');
    return template === undefined ? { type } : { type, data: { 'verification-template-id': template } };
  });
  return call('POST', `/inquiries/${id}/perform-simulate-actions`, { meta: { 'simulate-actions': actions } });
}

/** Names of the events about a resource, the first first. */
export async function eventsAbout(call: Call, id: string): Promise<string[]> {
  const { body } = await call('GET', `/events?filter[object-id]=${id}`);
  return body.data.map(({ attributes }: any) => attributes.name).reverse();
}
