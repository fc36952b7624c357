import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { httpServer } from '../helpers/servers.ts';

test('the bodies of exchanges that are over go with the next collection of young garbage', async () => {
  await using server = await httpServer((incoming, response) =>
    incoming.resume().on('end', () => response.end()),
  );
  const program = `
    import { burstSender } from '${new URL('../../dist/http/undici-sender.js', import.meta.url).href}';
    const sender = burstSender();
    const url = new URL('${server.url.href}');
    const send = async (count) => {
      for (; count > 0; count -= 1) {
        const { signal } = new AbortController();
        await sender.send({ url, headers: {}, body: Buffer.alloc(100_000) }, { timeoutMs: 20_000, signal });
      }
    };
    await send(20);
    gc();
    await send(200);
    for (let round = 0; round < 3; round += 1) gc({ type: 'minor' });
    console.log(Math.round(process.memoryUsage().arrayBuffers / 100_000));`;
  const argv = ['--expose-gc', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  expect(Number(stdout)).toBeLessThan(50);
});
