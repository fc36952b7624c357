import { describe, expect, test } from 'vitest';
import { Secret, sign } from '../../src/signing/sign.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const env = { PERSONA_WEBHOOK_SECRET: SECRET };

describe('show', () => {
  const argv = ['show', 'inquiry.expired', '--seed', '1', '--at', '2026-01-31T12:00:00Z', '--secret', SECRET];

  test('prints the request and a curl line, and the same body with --body', async () => {
    const [full, body] = [await runCli(argv), await runCli([...argv, '--body'])];
    const [head, text, curl] = full.stdout.split('\n\n');
    expect(text).toBe(body.stdout);
    expect(head).toMatchInlineSnapshot(`
      "POST /webhooks HTTP/1.1
      Host: localhost:3000
      Content-Type: application/json; charset=utf-8
      Content-Length: 6946
      User-Agent: hookcast
      Persona-Signature: t=1769860800,v1=1c94698b6197e46606a236f925a9491facc355b3d665f8bae77c5a18e52a5b59
      Persona-Webhook-Attempts-Made: 1
      Persona-Webhook-Attempts-Left: 8
      Persona-Webhook-First-Attempted-At: 1769860800"
    `);
    expect(curl).toMatchInlineSnapshot(`
      "curl 'http://localhost:3000/webhooks' \\
        -H 'Content-Type: application/json; charset=utf-8' \\
        -H 'User-Agent: hookcast' \\
        -H 'Persona-Signature: t=1769860800,v1=1c94698b6197e46606a236f925a9491facc355b3d665f8bae77c5a18e52a5b59' \\
        -H 'Persona-Webhook-Attempts-Made: 1' \\
        -H 'Persona-Webhook-Attempts-Left: 8' \\
        -H 'Persona-Webhook-First-Attempted-At: 1769860800' \\
        --data-binary @body.json
      "
    `);
    expect(full.stderr).toBe('repeat with: --seed 1 --at 2026-01-31T12:00:00.000Z\n');
    const t = 1_769_860_800;
    expect(/^Persona-Signature: (.*)$/m.exec(head ?? '')?.[1]).toBe(
      sign(Buffer.from(body.stdout), [new Secret(SECRET)], t),
    );
  });

  test('indents the body with --pretty', async () => {
    const run = await runCli([...argv, '--pretty', '--block', '/*/attributes/*']);
    // A body of 200 lines: its beginning shows the form.
    expect(run.stdout.split('\n').slice(0, 24).join('\n')).toMatchInlineSnapshot(`
      "{
        "data": {
          "type": "event",
          "id": "evt_7PaGukynVBuUrnrD96E9xp1B",
          "attributes": {
            "name": "inquiry.expired",
            "payload": {
              "data": {
                "type": "inquiry",
                "id": "inq_Z2wNyJ2xo1QHGUVAB4knSXq9q5Ut",
                "attributes": {},
                "relationships": {
                  "account": {
                    "data": {
                      "type": "account",
                      "id": "act_yZgee2B6XWrZUZm38bite7ni"
                    }
                  },
                  "template": {
                    "data": null
                  },
                  "inquiry-template": {
                    "data": {
                      "type": "inquiry-template","
    `);
  });
});

describe('explain', () => {
  test('names the blocklist entry that removes each attribute', async () => {
    const argv = [
      'explain',
      'inquiry.created',
      '--block',
      'name-*',
      '--block',
      '!name-last',
      '--block',
      'typo',
    ];
    const run = await runCli([...argv, '--to', 'http://localhost/'], { env });
    expect(run.code).toBe(0);
    expect(run.stdout).toMatchInlineSnapshot(`
      "inquiry.created to http://localhost/
      would deliver

      3 attributes are removed:
        data.attributes.fields.name-first  by name-*
        data.attributes.fields.name-middle  by name-*
        included[2].attributes.name-display  by name-*
      "
    `);
    expect(run.stderr).toBe("warning: blocklist entry 'typo' matches nothing here; a typo?\n");
  });

  test('names the reason why an event would be skipped', async () => {
    await using folder = await temporaryFolder();
    const webhook = {
      secret: SECRET,
      'enabled-events': ['inquiry.approved'],
      'payload-filter': { data: { attributes: { status: { $or: ['declined', 'failed'] } } } },
    };
    const file = await folder.write('webhook.json', JSON.stringify(webhook));
    const skip = await runCli(['explain', 'inquiry.approved', '--webhook', file]);
    expect(skip.stdout).toMatchInlineSnapshot(`
      "inquiry.approved to http://localhost:3000/webhooks
      would skip: the payload-filter asks for data.attributes.status = {"$or":["declined","failed"]}, but it is "approved"

      no attribute is removed
      "
    `);
    const off = await runCli(['explain', 'inquiry.failed', '--webhook', file, '--json']);
    expect(JSON.parse(off.stdout)).toMatchObject({
      event: 'inquiry.failed',
      verdict: { kind: 'not-enabled', reason: "the webhook's enabled-events do not list inquiry.failed" },
    });
  });
});

describe('explain with a recorded delivery', () => {
  const shown = ['show', 'inquiry.approved', '--seed', '1', '--at', '2026-01-31T12:00:00Z', '--body'];
  const configured = [
    '--block',
    'name-*',
    '--included',
    'empty',
    '--inflection',
    'camel',
    '--remove',
    'tags',
  ];
  const webhook = {
    'api-attributes-blocklist': ['name-*', '/data/attributes/status'],
    'included-allowlist': { state: 'include_none' },
    'relationship-allowlist': { state: 'include_some', relationships: ['account'] },
    'api-version': '2025-12-08',
  };

  test('names what removed each missing attribute, and what should have been removed', async () => {
    await using folder = await temporaryFolder();
    const body = await folder.write('body.json', (await runCli([...shown, ...configured])).stdout);
    const file = await folder.write('w.json', JSON.stringify(webhook));
    const run = await runCli(['explain', body, '--webhook', file]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatchInlineSnapshot(`
      "inquiry.approved  evt_7PaGukynVBuUrnrD96E9xp1B
        not removed by the webhook; the object had none when it was sent
          data.attributes.tags
        removed by the blocklist entry name-*
          data.attributes.fields.name-first
          data.attributes.fields.name-middle
          data.attributes.fields.name-last
        removed by the included-allowlist
          included(account)
          included(inquiry-template)
          included(inquiry-template-version)
          included(inquiry-session)
          included(verification/government-id)
          included(document/government-id)
          included(verification/selfie)
          included(selfie/profile-and-center)
          included(workflow-run)
        not in the webhook's API version; 2025-10-27: Inquiries have personal data only in fields, no longer as attributes of their own
          data.attributes.name-first
          data.attributes.name-middle
          data.attributes.name-last
          data.attributes.birthdate
          data.attributes.address-street-1
          data.attributes.address-street-2
          data.attributes.address-city
          data.attributes.address-subdivision
          data.attributes.address-subdivision-abbr
          data.attributes.address-postal-code
          data.attributes.address-postal-code-abbr
          data.attributes.social-security-number
          data.attributes.identification-number
          data.attributes.email-address
          data.attributes.phone-number
        not in the webhook's API version; 2021-07-05: The reviewer of an inquiry is a relationship, no longer two attributes
          data.attributes.reviewer
          data.attributes.reviewer-type
        not in the webhook's API version; 2021-02-21: Inquiries have one identification-number, no longer one number per class of id
          data.attributes.fields.driver-license-number
          data.attributes.fields.passport-number
          data.attributes.driver-license-number
          data.attributes.passport-number
        in the body, although the blocklist entry /data/attributes/status removes it; was it added later?
          data.attributes.status

      "
    `);
    const json = await runCli(['explain', body, '--webhook', file, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      event: 'inquiry.approved',
      missing: expect.arrayContaining([
        { path: 'data.attributes.tags', reason: { kind: 'not-removed' } },
        { path: 'data.attributes.fields.name-first', reason: { kind: 'blocklist', entry: 'name-*' } },
        { path: 'included(account)', reason: { kind: 'included-allowlist' } },
      ]),
      present: [{ path: 'data.attributes.status', entry: '/data/attributes/status' }],
    });
  });

  test.each(['kebab', 'camel', 'snake'])(
    'finds nothing missing in a whole body with %s keys',
    async (inflection) => {
      await using folder = await temporaryFolder();
      const whole = await runCli([...shown, '--inflection', inflection, '--api-version', '2023-01-05']);
      const body = await folder.write('body.json', whole.stdout);
      const run = await runCli(['explain', body, '--api-version', '2023-01-05', '--json']);
      const { missing, present } = JSON.parse(run.stdout);
      expect(missing.filter(({ reason }: any) => reason.kind !== 'api-version')).toEqual([]);
      expect(present).toEqual([]);
    },
  );

  test('explains each event once, and leaves out unknown events', async () => {
    await using folder = await temporaryFolder();
    const body = (await runCli(shown)).stdout.trim();
    const other = body.replaceAll('inquiry.approved', 'inquiry.invented');
    const lines = await folder.write('log.ndjson', `${body}\n${body}\n${other}\n`);
    const run = await runCli(['explain', lines, '--json']);
    expect(run.stdout.trim().split('\n')).toHaveLength(1);
    expect(run).toMatchObject({
      code: 0,
      stderr: 'warning: left out: inquiry.invented is not a known event; pass --fixture to compare with\n',
    });
    const none = await folder.write('none.ndjson', `${other}\n`);
    expect(await runCli(['explain', none])).toMatchObject({ code: 1, stdout: '' });
    expect(await runCli(['explain', `${folder.path}/missing.har`])).toMatchObject({ code: 2 });
  });
});
