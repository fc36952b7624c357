import { expect, test } from 'vitest';
import { GOVERNMENT_ID, newInquiry, quietSandbox, simulate, TEMPLATE, type Call } from './helpers.ts';

async function hinting(options: { lenient?: boolean } = {}) {
  const hints: string[] = [];
  const scene = await quietSandbox({ onHint: (hint) => hints.push(hint), ...options });
  return { ...scene, hints };
}

const create = (call: Call, attributes: object, headers: Record<string, string> = {}) =>
  call(
    'POST',
    '/inquiries',
    { data: { attributes }, meta: { 'auto-create-inquiry-session': true } },
    headers,
  );

/** [what the client does, the hint] */
const HINTS: readonly (readonly [string, (call: Call) => Promise<unknown>, string])[] = [
  [
    'asks for camel and writes kebab',
    (call) => call('GET', '/inquiries?filter[reference-id]=a', undefined, { 'Key-Inflection': 'camel' }),
    'leave out "Key-Inflection: camel" to read "reference-id"',
  ],
  [
    'writes camel and does not ask for it',
    (call) => call('POST', '/inquiries', { data: { attributes: { inquiryTemplateId: TEMPLATE } } }),
    'send "Key-Inflection: camel" to read "referenceId"',
  ],
  [
    'writes snake and does not ask for it',
    (call) => call('POST', '/inquiries', { data: { attributes: { inquiry_template_id: TEMPLATE } } }),
    'send "Key-Inflection: snake" to read "reference_id"',
  ],
  [
    'includes what an old version includes by itself',
    async (call) =>
      call('GET', `/inquiries/${await newInquiry(call)}?include=verifications`, undefined, {
        'Persona-Version': '2023-01-05',
      }),
    'leaves the others out',
  ],
  [
    'relies on what old versions included',
    async (call) => {
      const id = await newInquiry(call);
      await simulate(call, id, `create_passed_verification ${GOVERNMENT_ID}`);
      return call('GET', `/inquiries/${id}`);
    },
    '?include=verifications,documents',
  ],
  [
    'may read the session token from the attributes',
    (call) => create(call, { 'inquiry-template-id': TEMPLATE }),
    'in meta.session-token, beside "data"',
  ],
  [
    'may read errors[0].detail',
    (call) => call('GET', '/inquiries/inq_nothing'),
    'errors[0].details, with an s',
  ],
  ['expects a link that it did not ask for', (call) => newInquiry(call), 'or "auto-create-one-time-link"'],
];

test.each(HINTS)('a client that %s gets one hint', async (_, act, hint) => {
  const { call, hints } = await hinting();
  await act(call);
  await act(call);
  expect(hints.filter((text) => text.includes(hint))).toHaveLength(1);
});

test('a client that makes no mistake gets no hint', async () => {
  const { call, hints } = await hinting();
  const camel = { 'Key-Inflection': 'camel' };
  await create(call, { 'inquiry-template-id': TEMPLATE, fields: { 'name-first': 'Jo', plan_code: 'a' } });
  expect(hints.splice(0)).toEqual([expect.stringContaining('meta.session-token')]);
  const created = await call(
    'POST',
    '/inquiries',
    {
      data: { attributes: { inquiryTemplateId: TEMPLATE, referenceId: 'a' } },
      meta: { autoCreateInquirySession: true },
    },
    camel,
  );
  await call('GET', '/inquiries?filter[referenceId]=a', undefined, camel);
  await call('GET', `/inquiries/${created.body.data.id}`, undefined, camel);
  expect(hints).toEqual([]);
});

test('reset brings hints back', async () => {
  const { call, hints, sandbox } = await hinting();
  await call('GET', '/inquiries/inq_nothing');
  await sandbox.reset();
  await call('GET', '/inquiries/inq_nothing');
  expect(hints.filter((text) => text.includes('with an s'))).toHaveLength(2);
});

test('no hint holds what a client sent', async () => {
  const { call, hints } = await hinting({ lenient: true });
  const personal = 'jane.doe@example.com';
  await create(call, { 'inquiry-template-id': TEMPLATE, 'reference-id': personal, 'redirect-uri': personal });
  await call('GET', `/inquiries?filter[reference-id]=${personal}`, undefined, { 'Key-Inflection': 'camel' });
  await call('GET', `/accounts?filter[email-address]=${personal}&email=${personal}`);
  await call('GET', `/inquiries/${personal}/nothing`);
  expect(hints.length).toBeGreaterThan(3);
  expect(hints.join('\n')).not.toContain(personal);
});
