import { expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/create-sandbox.ts';
import { manualClock } from '../helpers/virtual-clock.ts';
import { startApp, type App } from './app.mjs';

const SECRET = 'wbhsec_00000000-0000-4000-8000-000000000001';
const RULES = [
  { when: { fields: { 'name-last': 'Decline' } }, then: 'decline' },
  { when: { fields: { 'name-last': 'Review' } }, then: 'review' },
  { when: { fields: { 'name-last': 'Leaves' } }, then: 'none' },
] as const;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Client {
  readonly baseUrl: string;
  readonly fetch?: Fetch;
  readonly stop?: () => void;
}

/** How a client finds the sandbox. */
export type ClientOf = (sandbox: Sandbox) => Client;

async function world(clientOf: ClientOf, loses?: (event: any) => boolean) {
  const clock = manualClock(Date.parse('2026-01-31T12:00:00.250Z'));
  const sandbox = await createSandbox({ clock, decide: 'approve', seed: { rules: [...RULES] } });
  const client = clientOf(sandbox);
  const app = await startApp({ ...client, secret: () => SECRET, ...(loses === undefined ? {} : { loses }) });
  const attributes = { name: 'app', url: app.url, 'enabled-events': ['*'] };
  const { data } = await app.api('POST', '/webhooks', { data: { attributes } });
  await app.api('POST', `/webhooks/${data.id}/enable`);
  const secret: string = data.attributes.secret;
  await app.close();
  const signed = await startApp({
    ...client,
    secret: () => secret,
    ...(loses === undefined ? {} : { loses }),
  });
  await signed.api('PATCH', `/webhooks/${data.id}`, { data: { attributes: { url: signed.url } } });
  const close = async () => {
    client.stop?.();
    await sandbox.close();
    await signed.close();
  };
  return { sandbox, app: signed, [Symbol.asyncDispose]: close };
}

const endings: readonly (readonly [name: string, lastName: string, status: string])[] = [
  ['approved', 'Sample', 'approved'],
  ['declined', 'Decline', 'declined'],
  ['set aside for review', 'Review', 'needs_review'],
];

/** What may become of a person, told to the app and seen by its sweep. */
export function testScenarios(kind: string, clientOf: ClientOf): void {
  test.each(endings)(`${kind}: a person is %s by the last name`, async (_, lastName, status) => {
    await using scene = await world(clientOf);
    const id = await scene.app.verify('person', lastName);
    await scene.sandbox.advance('2s');
    expect(scene.app.statusOf('person')).toBe(status);
    expect((await scene.app.api('GET', `/inquiries/${id}`)).data.attributes.status).toBe(status);
  });

  test(`${kind}: an inquiry fails`, async () => {
    await using scene = await world(clientOf);
    const id = await scene.app.verify('person', 'Leaves');
    await act(scene.app, id, 'start_inquiry', 'fail_inquiry');
    await scene.sandbox.advance(0);
    expect(scene.app.statusOf('person')).toBe('failed');
  });

  test(`${kind}: an inquiry expires, and the same one is resumed`, async () => {
    await using scene = await world(clientOf);
    const id = await scene.app.verify('person', 'Leaves');
    await scene.sandbox.advance('24h');
    expect(scene.app.statusOf('person')).toBe('expired');
    const resumed = await scene.app.api('POST', `/inquiries/${id}/resume`);
    expect(resumed.data.attributes.status).toBe('pending');
    expect(resumed.meta['session-token']).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    await act(scene.app, id, 'complete_inquiry', 'approve_inquiry');
    await scene.sandbox.advance(0);
    expect(scene.app.statusOf('person')).toBe('approved');
  });

  test(`${kind}: a second inquiry supersedes the first`, async () => {
    await using scene = await world(clientOf);
    const first = await scene.app.verify('person', 'Leaves');
    const second = await scene.app.verify('person', 'Leaves');
    await act(scene.app, second, 'start_inquiry', 'complete_inquiry', 'approve_inquiry');
    await act(scene.app, first, 'expire_inquiry');
    await scene.sandbox.advance(0);
    expect(scene.app.statusOf('person')).toBe('approved');
    const { data } = await scene.app.api('GET', '/inquiries?filter[reference-id]=person');
    expect(data.map(({ id }: { id: string }) => id)).toEqual([second, first]);
    expect(data[0].relationships.account).toEqual(data[1].relationships.account);
  });

  test(`${kind}: a webhook is retried and lost, and a sweep finds the end`, async () => {
    await using scene = await world(clientOf, (event) => event.attributes.name === 'inquiry.approved');
    await scene.app.verify('person', 'Sample');
    await scene.sandbox.advance('2s');
    expect(scene.app.statusOf('person')).toBe('completed');
    await scene.sandbox.advance('6d');
    const lost = scene.sandbox.deliveries.filter(({ state }) => state === 'failed');
    expect(lost.map(({ eventName, attempts }) => [eventName, attempts.length])).toEqual([
      ['inquiry.approved', 9],
    ]);
    expect(scene.app.statusOf('person')).toBe('completed');
    await scene.app.sweep();
    expect(scene.app.statusOf('person')).toBe('approved');
  });
}

function act(app: App, id: string, ...types: string[]): Promise<unknown> {
  const actions = types.map((type) => ({ type }));
  return app.api('POST', `/inquiries/${id}/perform-simulate-actions`, {
    meta: { 'simulate-actions': actions },
  });
}
