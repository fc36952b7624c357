import { expect, test } from 'vitest';
import { INQUIRY_STATUSES, type InquiryOperation } from '../../src/persona/inquiry-operations.ts';
import { GOVERNMENT_ID, quietSandbox, simulate, type Call } from './helpers.ts';

/** How each operation is asked for. */
const ASK: Readonly<Record<InquiryOperation, (call: Call, id: string) => ReturnType<Call>>> = {
  resume: (call, id) => call('POST', `/inquiries/${id}/resume`),
  'generate-one-time-link': (call, id) => call('POST', `/inquiries/${id}/generate-one-time-link`),
  approve: (call, id) => call('POST', `/inquiries/${id}/approve`),
  decline: (call, id) => call('POST', `/inquiries/${id}/decline`),
  'mark-for-review': (call, id) => call('POST', `/inquiries/${id}/mark-for-review`),
  expire: (call, id) => call('POST', `/inquiries/${id}/expire`),
  update: (call, id) => call('PATCH', `/inquiries/${id}`, { data: { attributes: { note: 'a' } } }),
  redact: (call, id) => call('DELETE', `/inquiries/${id}`),
  'change-tags': (call, id) => call('POST', `/inquiries/${id}/add-tag`, { meta: { 'tag-name': 'a' } }),
  start: (call, id) => simulate(call, id, 'start_inquiry'),
  complete: (call, id) => simulate(call, id, 'complete_inquiry'),
  fail: (call, id) => simulate(call, id, 'fail_inquiry'),
  verify: (call, id) => simulate(call, id, `create_passed_verification ${GOVERNMENT_ID}`),
};
const OPERATIONS = Object.keys(ASK) as readonly InquiryOperation[];

test.each(OPERATIONS)(
  '%s is refused in the states that /inquiry-rules says, in its words',
  async (operation) => {
    const states = [...INQUIRY_STATUSES, 'redacted'] as const;
    const inquiries = states.map((state) => ({
      id: `inq_${state}`,
      status: state === 'redacted' ? 'approved' : state,
    }));
    const { sandbox, call } = await quietSandbox({
      seed: {
        inquiries,
        transitions: { approve: { approved: 'allow', created: 422 }, redact: { failed: 409 } },
      },
    });
    await call('DELETE', '/inquiries/inq_redacted');
    const rules: any = await (await sandbox.fetch(`${sandbox.url}/inquiry-rules`)).json();
    expect(Object.keys(rules)).toEqual(states);
    for (const state of states) {
      const { status, body } = await ASK[operation](call, `inq_${state}`);
      const refusal: string | undefined = status < 300 ? undefined : body.errors[0].details;
      expect(refusal, state).toBe(rules[state][operation]);
    }
  },
);
