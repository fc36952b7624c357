import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/signing/secret.ts';
import { sign } from '../../src/signing/sign.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const env = { PERSONA_WEBHOOK_SECRET: SECRET };

describe('show', () => {
  const argv = ['show', 'inquiry.expired', '--seed', '1', '--at', '2026-01-31T12:00:00Z', '--secret', SECRET];

  test('prints the request and a curl line; the body is what --body prints', async () => {
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
    expect(curl).toContain(
      "curl 'http://localhost:3000/webhooks' \\\n  -H 'Content-Type: application/json; charset=utf-8'",
    );
    expect(full.stderr).toBe('repeat with: --seed 1 --at 2026-01-31T12:00:00.000Z\n');
    const t = 1_769_860_800;
    expect(head).toContain(`Persona-Signature: ${sign(Buffer.from(body.stdout), [new Secret(SECRET)], t)}`);
  });

  test('--pretty is for people', async () => {
    const run = await runCli([...argv, '--pretty', '--block', '/*/attributes/*']);
    expect(run.stdout).toContain('{\n  "data": {\n    "type": "event",');
    expect(run.stdout).toContain('"attributes": {}');
  });
});

describe('explain', () => {
  test('would deliver: names the entry that removes each attribute', async () => {
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

  test('would skip, not enabled: names the clause that decides', async () => {
    await using folder = await temporaryFolder();
    const webhook = {
      secret: SECRET,
      'enabled-events': ['inquiry.approved'],
      'payload-filter': { data: { attributes: { status: { $or: ['declined', 'failed'] } } } },
    };
    const file = await folder.write('webhook.json', JSON.stringify(webhook));
    const skip = await runCli(['explain', 'inquiry.approved', '--webhook', file]);
    expect(skip.stdout).toContain(
      'would skip: the payload-filter asks for data.attributes.status = {"$or":["declined","failed"]}, but it is "approved"\n',
    );
    const off = await runCli(['explain', 'inquiry.failed', '--webhook', file, '--json']);
    expect(JSON.parse(off.stdout)).toMatchObject({
      event: 'inquiry.failed',
      verdict: { kind: 'not-enabled', reason: "the webhook's enabled-events do not list inquiry.failed" },
    });
  });
});
