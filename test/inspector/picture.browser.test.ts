import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hasNoBrowser, whyNoBrowser } from '../helpers/browser.ts';
import { openScreen, servedInspector, watchedBrowser } from '../helpers/inspector.ts';
import { httpServer } from '../helpers/servers.ts';

const PICTURE = fileURLToPath(new URL('../../docs/inspector.png', import.meta.url));
const EVENTS = ['inquiry.created', 'inquiry.started', 'inquiry.completed', 'inquiry.approved'];

test.skipIf(hasNoBrowser)(`the picture of the README${whyNoBrowser}`, { timeout: 600_000 }, async () => {
  await using receiver = await httpServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => response.writeHead(body.includes('inquiry.approved') ? 500 : 200).end());
  });
  await using server = await servedInspector('--to', `http://localhost:${receiver.port}/webhooks/persona`);
  await server.call('PATCH', '/v1/webhooks/default', {
    'api-attributes-blocklist': ['name-last', 'address-*'],
  });
  await server.call('PATCH', '/v1/webhooks/default/clock', { paused: true });
  for (const event of EVENTS) await server.call('POST', '/v1/deliveries?wait=attempt:1', { event });
  for (let step = 0; step < 3; step += 1) await server.call('POST', '/v1/webhooks/default/clock/next');
  await using browser = await watchedBrowser();
  await using tab = await browser.open({ viewport: { width: 1280, height: 840 }, colorScheme: 'light' });
  const { page, seen } = tab;
  await openScreen(page, server, '#/deliveries/d4?tab=signature');
  await page.getByText('(the development secret)').waitFor();
  expect(await page.locator('.point.bad').count()).toBe(4);
  expect(seen.messages).toEqual([]);
  if (process.env['UPDATE_PICTURES'] !== '1') return;
  await mkdir(dirname(PICTURE), { recursive: true });
  await page.screenshot({ path: PICTURE });
});
