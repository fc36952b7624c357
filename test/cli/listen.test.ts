import { describe, expect, test } from 'vitest';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { WRONG_FORMS } from '../../src/signing/wrong-forms.ts';
import { runCli, stable } from '../helpers/run-cli.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const env = { PERSONA_WEBHOOK_SECRET: SECRET };

describe('listen', () => {
  /** Runs `listen` until the requests have been made. */
  async function listening(argv: readonly string[], visit: (url: string) => Promise<void>) {
    const controller = new AbortController();
    let started = false;
    return runCli(['listen', '--port', '0', ...argv], {
      env,
      interrupted: controller.signal,
      onOutput: (stdout) => {
        const url = /listening on (\S+)/.exec(stdout)?.[1];
        if (url === undefined || started) return;
        started = true;
        void visit(url).finally(() => {
          controller.abort();
        });
      },
    });
  }

  test('prints each request, its signature and the answer', async () => {
    const run = await listening(['--respond', '500,200'], async (url) => {
      await runCli(['send', 'inquiry.approved', '--to', `${url}/hook`, '--time-scale', 'instant'], { env });
    });
    expect(run.code).toBe(130);
    expect(stable(run.stdout).replace(/\d{5} bytes/g, 'N bytes')).toMatchInlineSnapshot(`
      "listening on http://127.0.0.1:PORT (any path); Ctrl-C ends it
      POST /hook  inquiry.approved  evt_ID  attempt 1, 8 left  N bytes
        ✓ signature valid
        answer: 500
      POST /hook  inquiry.approved  evt_ID  attempt 2, 7 left  N bytes
        ✓ signature valid
        answer: 200
      "
    `);
  });

  test('explains a signature that does not match, and escapes control characters', async () => {
    const run = await listening([], async (url) => {
      const body = Buffer.from('{"data":{"attributes":{"name":"\\u001b[2J"}}}');
      const v1 = WRONG_FORMS[0]?.compute({ body, secret: SECRET, t: '1' }) ?? '';
      await fetch(url, { method: 'POST', body, headers: { 'Persona-Signature': `t=1,v1=${v1}` } });
      await fetch(url, { method: 'POST', body: 'no json' });
    });
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "listening on http://127.0.0.1:PORT (any path); Ctrl-C ends it
      POST /  \\u001b[2J  no event id  44 bytes
        ✗ signature does not match: this is an HMAC of the body without the timestamp (the signed text is \`<t>.<body>\`)
        answer: 401
      POST /  not JSON    7 bytes
        ✗ no Persona-Signature header
        answer: 401
      "
    `);
    expect(run.stdout).not.toContain('\u001b');
  });

  test('reports a port that is taken, with exit code 3', async () => {
    await using taken = await startReceiver({ secrets: [] });
    const { port } = new URL(taken.url);
    expect(await runCli(['listen', '--port', port], { env })).toMatchObject({
      code: 3,
      stderr: `error: 127.0.0.1:${port}: port ${port} is taken by another program; choose another --port\n`,
    });
  });
});
