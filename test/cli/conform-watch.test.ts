import { appendFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { MODEL_SECRET, ModelReceiver } from '../mutants/model-receiver.ts';

const conform = (argv: readonly string[], options: Parameters<typeof runCli>[1] = {}) =>
  runCli(['conform', ...argv], { env: { PERSONA_WEBHOOK_SECRET: MODEL_SECRET }, ...options });

describe('conform --watch', () => {
  /** Ends like Ctrl-C after so many reports. */
  function rounds(count: number, betweenRounds: () => unknown) {
    const controller = new AbortController();
    let seen = 0;
    const onOutput = (stdout: string) => {
      const reports = stdout.match(/^Conformance:/gm)?.length ?? 0;
      if (reports === seen) return;
      seen = reports;
      if (reports < count) setImmediate(betweenRounds);
      else controller.abort();
    };
    return { interrupted: controller.signal, onOutput };
  }

  test('repeats the run after a file changes', async () => {
    await using good = await new ModelReceiver().start();
    await using folder = await temporaryFolder();
    const source = await folder.write('source.js', '1');
    const run = await conform(
      ['--to', good.url, '--only', 'ACK-01,SIG-02', '--watch', source],
      rounds(2, () => appendFile(source, '2')),
    );
    expect(run).toMatchObject({
      code: 130,
      stderr: `watching: the run is repeated after a change; Ctrl-C ends it\n\n${source} changed\nwarning: interrupted: the report covers only the checks that had ended\n`,
    });
  });

  test('repeats the run when a receiver that went away is back', async () => {
    const server = await httpServer((request, response) => {
      request.resume();
      response.end();
    });
    const { port, url } = server;
    const again = createServer((request, response) => {
      request.resume();
      response.end();
    });
    const restart = async () => {
      await server[Symbol.asyncDispose]();
      // Away for much longer than it takes to look at it once, on a busy machine, too.
      setTimeout(() => again.listen(port, '127.0.0.1'), 3_000);
    };
    const argv = ['--to', url.href, '--only', 'ACK-08', '--watch'];
    const run = await conform(
      argv,
      rounds(2, () => void restart()),
    );
    expect({ code: run.code, stderr: run.stderr }).toMatchInlineSnapshot(`
      {
        "code": 130,
        "stderr": "watching: the run is repeated after a change; Ctrl-C ends it

      the receiver is back
      warning: interrupted: the report covers only the checks that had ended
      ",
      }
    `);
    again.closeAllConnections();
    again.close();
  });
});
