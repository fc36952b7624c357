import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { hasNoBrowser, whyNoBrowser, widthOf } from '../helpers/browser.ts';
import { expectSoon, servedInspector, watchedBrowser } from '../helpers/inspector.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const BIN = fileURLToPath(new URL('../../bin/hookcast.js', import.meta.url));
const EVIL = '</script><script>alert(1)</script><!--';

test.skipIf(hasNoBrowser)(
  `deliveries as one file, from the server and from recordings${whyNoBrowser}`,
  { timeout: 600_000 },
  async () => {
    await using receiver = await httpServer((_, response) => response.writeHead(500).end(EVIL));
    await using server = await servedInspector('--to', receiver.url.href);
    await server.call('PATCH', '/v1/webhooks/default/clock', { paused: true });
    await server.call('PATCH', '/v1/webhooks/default', { 'api-attributes-blocklist': ['name-last'] });
    const set = { note: EVIL };
    await server.call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved', set });
    await server.call('POST', '/v1/webhooks/default/clock/next');
    const exported = async (format: string) =>
      (await fetch(`${server.url}/v1/export?format=${format}`)).text();
    await using folder = await temporaryFolder();
    const recording = await folder.write('recording.ndjson', await exported('ndjson'));
    const page = await folder.write('server.html', await exported('html'));
    const written = page.replace('server.html', 'command.html');
    const run = spawnSync(
      process.execPath,
      [BIN, 'export', recording, '--format', 'html', '--output', written],
      {
        encoding: 'utf8',
      },
    );
    expect([run.status, run.stderr]).toEqual([0, `2 requests written to ${written}\n`]);

    await using browser = await watchedBrowser();
    for (const path of [page, written]) {
      await using tab = await browser.open({ viewport: { width: 390, height: 800 } });
      await tab.page.goto(pathToFileURL(path).href);
      await tab.page.locator('#row-d1').click();
      await expectSoon(() => tab.page.locator('.verdict').textContent()).toContain(
        'Attempt 2 of 9 failed: the receiver answered 500.',
      );
      await tab.page.getByRole('tab', { name: 'Response' }).click();
      await expectSoon(() => tab.page.getByRole('region', { name: 'Body' }).textContent()).toBe(EVIL);
      await tab.page.getByRole('tab', { name: 'Signature' }).click();
      await tab.page.getByText('The text that is signed').first().waitFor();
      await tab.page.getByRole('tab', { name: 'Payload' }).click();
      expect(await tab.page.locator('.tree .gone').count()).toBe(path === page ? 3 : 0);
      expect(await tab.page.getByRole('button', { name: /Resend|Next|Cancel/ }).count()).toBe(0);
      await expectSoon(() => widthOf(tab.page)).toBe(390);
      expect([tab.seen.dialogs, tab.seen.messages]).toEqual([0, []]);
      expect([...tab.seen.origins]).toEqual(['null']);
    }
    expect(readFileSync(page, 'utf8').split('</script>')).toHaveLength(3);
  },
);
