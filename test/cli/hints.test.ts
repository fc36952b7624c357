import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../helpers/certificate.ts';
import { runCli, shown, type CliRun } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const QUESTION = 'or does your receiver use a secret other than the development secret?';
const GIVEN = 'wbhsec_11111111-2222-3333-4444-555555555555';
const EVENT = JSON.stringify({
  data: { type: 'event', id: 'evt_1', attributes: { name: 'inquiry.approved', payload: {} } },
});
/** All of these sign with what they are given, or with the development secret. */
const COMMANDS: [string, (place: { to: string; journal: string; file: string }) => string[]][] = [
  ['send', ({ to }) => ['send', 'inquiry.approved', '--to', to]],
  ['scenario', ({ to }) => ['scenario', 'quickstart', '--to', to]],
  ['replay', ({ to, file }) => ['replay', file, '--to', to]],
  ['load', ({ to }) => ['load', '--count', '2', '--to', to]],
  ['resend', ({ journal }) => ['resend', 'd1', '--journal', journal]],
  ['resume', ({ journal }) => ['resume', '--journal', journal]],
];

/** All that a run prints about a refused signature; the rest of its output is for the tests of the command. */
const hintsOf = ({ stdout, stderr }: CliRun) =>
  `${stdout}${stderr}`.split('\n').flatMap((line) => /signature refused\?.*/.exec(line) ?? []);

describe('after a refused signature', () => {
  test.each(COMMANDS)('%s asks about the development secret if that was used', async (name, argvOf) => {
    await using folder = await temporaryFolder();
    await using receiver = await startReceiver({ secrets: [new Secret('wbhsec_other')] });
    const file = await folder.write('event.json', EVENT);
    const told = [];
    for (const secret of [[], ['--secret', GIVEN]]) {
      const journal = `${folder.path}/${secret.length}.db`;
      const argv = ['send', 'inquiry.approved', '--to', receiver.url, '--journal', journal, ...secret];
      const scale = ['--time-scale', 'instant'];
      // Resume needs one that is under way.
      const stop = new AbortController();
      const isWaiting = (text: string) => {
        if (text.includes('next in')) stop.abort();
      };
      const begun = name === 'resume' ? { interrupted: stop.signal, onOutput: isWaiting } : {};
      await runCli([...argv, ...(name === 'resume' ? [] : scale)], begun);
      const run = await runCli([...argvOf({ to: receiver.url, journal, file }), ...secret, ...scale]);
      expect(run.code).toBe(1);
      told.push(...hintsOf(run).map((hint) => hint.replace(receiver.url, 'URL')));
    }
    const hint = 'signature refused? find out why: hookcast conform --to URL/ --only ACK-01';
    expect(told).toEqual([`${hint}; ${QUESTION}`, hint]);
  });
});

/** With the certificate of the tests, which nobody trusts. */
async function selfSigned() {
  const server = createServer({ key: LOCALHOST_KEY, cert: LOCALHOST_CERTIFICATE }, (request, response) => {
    request.resume().on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test.each([[[]], [['--wait-for', '30s']]])(
  'conform %j says at once what to do about a certificate that is not trusted',
  async (flags) => {
    await using server = await selfSigned();
    const startedMs = performance.now();
    const run = await runCli(['conform', '--to', `https://${server.host}/`, ...flags]);
    expect(shown(run)).toMatchInlineSnapshot(`
      "signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      error: no connection to 127.0.0.1:PORT: the certificate is self-signed: trust its authority with --ca, or any certificate with --insecure
      exit code 3
      "
    `);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  },
);

test('conform says at once what to do about an oracle whose certificate is not trusted', async () => {
  await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
  await using server = await selfSigned();
  const argv = ['conform', '--to', receiver.url, '--only', 'IDEM-02', '--oracle-url'];
  const run = await runCli([...argv, `https://${server.host}/oracle`]);
  expect(shown(run)).toMatchInlineSnapshot(`
    "signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
    error: the oracle https://127.0.0.1:PORT/oracle: cannot be asked: the certificate is self-signed: trust its authority with --ca, or any certificate with --insecure
    exit code 3
    "
  `);
});

test('send and load name the flags that trust a certificate, in the load report too', async () => {
  await using folder = await temporaryFolder();
  await using server = await selfSigned();
  const policy = { name: 'once', 'timeout-ms': 5000, 'accepted-statuses': [200], 'delays-seconds': [] };
  const flags = [`https://${server.host}/`, '--policy', await folder.write('p.json', JSON.stringify(policy))];
  const sent = await runCli(['send', 'inquiry.approved', '--to', ...flags]);
  const report = `${folder.path}/load.html`;
  const loaded = await runCli(['load', '--count', '1', '--report', report, '--to', ...flags]);
  const hints = [sent.stdout, loaded.stdout, await readFile(report, 'utf8')].map(
    (text) => /the certificate is self-signed: [^(<]*[^(< ]/.exec(text.replace(/\s+/g, ' '))?.[0],
  );
  const hint = 'trust its authority with --ca, or any certificate with --insecure';
  expect(hints).toEqual(Array(3).fill(`the certificate is self-signed: ${hint}`));
});

describe('a status that another schedule of Persona accepts', () => {
  const SECRETS = [new Secret(DEVELOPMENT_SECRET)];
  const HINT = "Persona's pages of 2026 also accept 204: --policy persona-2026";

  test.each([
    ['send', ['send', 'inquiry.approved']],
    ['load', ['load', '--count', '2']],
  ])('makes %s name that schedule once', async (_, argv) => {
    await using receiver = await startReceiver({ secrets: SECRETS, script: parseScript('204') });
    const run = await runCli([...argv, '--to', receiver.url, '--time-scale', 'instant']);
    expect(run.code).toBe(1);
    expect((run.stdout + run.stderr).split(HINT)).toHaveLength(2);
  });

  test('is not mentioned for a policy of your own, nor for a status that no schedule accepts', async () => {
    await using folder = await temporaryFolder();
    const own = { name: 'own', 'timeout-ms': 5000, 'accepted-statuses': [200], 'delays-seconds': [1] };
    const policy = await folder.write('policy.json', JSON.stringify(own));
    for (const [script, flags] of [
      ['204', ['--policy', policy]],
      ['206', []],
    ] as const) {
      await using receiver = await startReceiver({ secrets: SECRETS, script: parseScript(script) });
      const argv = ['send', 'inquiry.approved', '--to', receiver.url, '--time-scale', 'instant', ...flags];
      const { stdout, stderr } = await runCli(argv);
      expect(stdout + stderr).not.toContain('also accept');
    }
  });
});
