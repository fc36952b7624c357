import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

describe('hookcast', () => {
  test('prints its commands by group with --help', async () => {
    const run = await runCli(['--help']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatchInlineSnapshot(`
      "Usage: hookcast [options] [command]

      A stand-in for Persona's webhook sender: its events, signatures, five-second
      limit and retries, against your receiver.

      Options:
        -V, --version   output the version number
        -h, --help      display help for command

      Start:
        demo            watch a delivery fail four times and then succeed; needs no
                        receiver
        conform         find out what is wrong with your receiver: 106 checks, one
                        line of diagnosis
        send            deliver events to your receiver as Persona would, retries
                        included
        init            write a project file, a webhook, a test oracle and a workflow
                        to start from
        doctor          find out what stands between here and your receiver, and how
                        to fix it

      Persona on localhost:
        serve           run a server with an HTTP API, for tests in any language
        health          check that hookcast serve answers, or wait until it does

      Series and volume:
        scenario        send a series of events that belong together, in order,
                        shuffled or twice
        load            deliver events in volume, at a rate, with duplicates,
                        forgeries or after an outage
        schedule        print the retry schedule
        events          list the events: what triggers them, and which have a fixture

      Real traffic:
        record          record what a real sender sends, and pass it on unchanged to
                        your receiver
        replay          send recorded requests again, byte for byte, with a new
                        signature
        export          write recorded requests as NDJSON, HAR or a page

      Look inside:
        show            print exactly what would be sent; send nothing
        explain         say whether a webhook gets an event, and which rule removes
                        each attribute
        sign            print the signature header for a body
        verify          check a signature header, and say what is wrong with it
        listen          run the reference receiver: it verifies, prints, and
                        misbehaves on request
        addresses       print the addresses that Persona's webhooks come from

      Journal and queue:
        resume          continue the pending deliveries of a journal
        deliveries      list the deliveries of a journal or a queue
        delivery        show a delivery: its attempts, what was sent and what came
                        back
        resend          send a delivery of a journal again: the same event, the same
                        bytes
        cancel          cancel a pending delivery of a journal
        disable         disable a webhook of a journal: its pending deliveries fail
        worker          deliver what waits in a Redis queue; run as many as you like

      Fixtures:
        fixtures        make fixtures from your own copy of Persona's OpenAPI
                        specification

      Shell:
        completion      print a script that completes commands, flags and names in
                        your shell

      Commands:
        help [command]  explain a command

      Start with: hookcast demo

      Docs: README.md

      "
    `);
  });

  test('explains a command of a command, and names one that is not there', async () => {
    const asked = await runCli(['fixtures', 'import', '--help']);
    expect(await runCli(['help', 'fixtures', 'import'])).toEqual(asked);
    expect((await runCli(['help', 'send'])).stdout).toMatch(/^Usage: hookcast send/);
    expect(await runCli(['help', 'snd'])).toEqual({
      code: 2,
      stdout: '',
      stderr: "error: unknown command 'snd'; did you mean send?\nAll commands: hookcast --help\n",
    });
    for (const argv of [['help'], ['help', 'help']])
      expect((await runCli(argv)).stdout).toMatch(/^Usage: hookcast \[options\]/);
  });

  test('prints the version of the package with --version', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect((await runCli(['--version'])).stdout).toBe(`${manifest.version}\n`);
  });
});
