import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasNoBrowser, whyNoBrowser, widthOf } from '../helpers/browser.ts';
import {
  expectSoon,
  openScreen,
  servedInspector,
  watchedBrowser,
  type ServedInspector,
} from '../helpers/inspector.ts';
import { httpServer, type TestServer } from '../helpers/servers.ts';

const XSS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '"><svg/onload=alert(3)>',
  "'-alert(4)-'",
  'javascript:alert(5)',
  '</pre><iframe srcdoc="<script>parent.alert(6)</script>">',
  '{{constructor.constructor("alert(7)")()}}',
  '<a href="javascript:alert(8)">x</a>',
] as const;

const HASHES = [
  '#/deliveries',
  '#/deliveries/d1',
  '#/deliveries/d1?tab=response',
  '#/deliveries/d1?tab=signature',
  '#/deliveries/d1?tab=payload',
  '#/deliveries/d2',
  '#/deliveries/none',
  '#/send',
  '#/webhooks',
  '#/webhooks/new',
  '#/inquiries',
  '#/inquiries/none',
  '#/conformance?run=c1',
  '#/nowhere',
] as const;

/** Where there is nothing yet, and where nothing may be changed. */
const BARE_HASHES = ['#/deliveries', '#/send', '#/webhooks', '#/inquiries', '#/conformance'] as const;

const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { colorScheme: 'light', viewport: { width: 768, height: 1024 } },
  { colorScheme: 'light', viewport: { width: 390, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 800 } },
] as const;

describe.skipIf(hasNoBrowser)(`the inspector in front of a hostile receiver${whyNoBrowser}`, () => {
  let browser: Awaited<ReturnType<typeof watchedBrowser>>;
  let server: ServedInspector;
  let empty: ServedInspector;
  let readOnly: ServedInspector;
  let inquiry: string;
  let receiver: TestServer;

  beforeAll(async () => {
    browser = await watchedBrowser();
    receiver = await httpServer((_, response) => {
      response.writeHead(
        500,
        XSS[0],
        [...XSS].flatMap((text, index) => [`x-evil-${index}`, text]),
      );
      response.end(XSS.join('\n'));
    });
    server = await servedInspector('--to', receiver.url.href);
    empty = await servedInspector();
    readOnly = await servedInspector('--to', receiver.url.href, '--read-only');
    await server.call('PATCH', '/v1/webhooks/default', {
      'api-attributes-blocklist': ['name-last', 'nme-first'],
    });
    await server.call('PATCH', '/v1/webhooks/default/clock', { paused: true });
    const set = { note: XSS.join(' ') };
    await server.call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved', set });
    await server.call('POST', '/v1/conformance-runs?wait=settled', { only: ['ACK-01', 'SIG-01'] });
    const event = { data: { id: XSS[1], type: 'event', attributes: { name: XSS[0], payload: {} } } };
    const body = Buffer.from(JSON.stringify(event)).toString('base64');
    await server.call('POST', '/v1/deliveries?wait=attempt:1', { body });
    inquiry = await createInquiry(server, XSS[1]);
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    for (const each of [server, empty, readOnly]) await each[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  test('no script in an answer or an event runs', { timeout: 600_000 }, async () => {
    await using tab = await browser.open();
    const { page, seen } = tab;
    for (const hash of [...HASHES, `#/deliveries/${encodeURIComponent(XSS[1])}`, `#/inquiries/${inquiry}`]) {
      await page.goto('about:blank');
      await openScreen(page, server, hash);
      await settled(page);
    }
    await page.goto('about:blank');
    await openScreen(page, server, '#/deliveries/d1?tab=response');
    await expectSoon(() => page.getByLabel('Body', { exact: true }).textContent()).toBe(XSS.join('\n'));
    await expectSoon(() => page.locator('.headers').textContent()).toContain(XSS[5]);
    expect(await page.locator('main script, main img, main iframe, main svg').count()).toBe(0);
    await page.goto('about:blank');
    await openScreen(page, server, '#/deliveries/d2');
    await expectSoon(() => page.locator('h2').textContent()).toBe(XSS[0]);
    expect(seen.dialogs).toBe(0);
    // A delivery that is not there is a 404, which a browser notes.
    expect(seen.messages.filter((text) => !text.includes('404 (Not Found)'))).toEqual([]);
    expect([...seen.origins].filter((origin) => origin !== 'null')).toEqual([new URL(server.url).origin]);
  });

  test('its content security policy stops scripts that get in', async () => {
    await using tab = await browser.open();
    const { page, seen } = tab;
    await openScreen(page, server, '');
    await page.evaluate(`
      try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>'); } catch {}
      const script = document.createElement('script');
      try { script.textContent = 'alert(2)'; document.body.append(script); } catch {}
    `);
    await expectSoon(() => seen.messages.length).toBeGreaterThanOrEqual(2);
    expect(seen.messages.join('\n')).toContain('TrustedHTML');
    expect(seen.dialogs).toBe(0);
  });

  test.each(LOOKS)('axe finds nothing: %o', { timeout: 600_000 }, async (look) => {
    await using tab = await browser.open({ ...look, bypassCSP: true });
    const { page } = tab;
    const { width, height } = look.viewport;
    const screens = [
      ...[...HASHES, `#/inquiries/${inquiry}`].map((hash) => [server, hash] as const),
      ...[empty, readOnly].flatMap((each) => BARE_HASHES.map((hash) => [each, hash] as const)),
    ];
    for (const [each, hash] of screens) {
      await page.goto('about:blank');
      await openScreen(page, each, hash);
      await settled(page);
      expect([hash, await axeViolations(page)]).toEqual([hash, []]);
      // What is longer scrolls within its pane.
      expect([hash, await widthOf(page), await heightOf(page)]).toEqual([hash, width, height]);
    }
    await page.goto('about:blank');
    await openScreen(page, server, '#/deliveries/d1');
    await page.getByRole('button', { name: 'Resend edited…' }).click();
    await page.getByRole('textbox', { name: 'Body' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keys' }).click();
    expect(await axeViolations(page)).toEqual([]);
    await page.goto('about:blank');
    await openScreen(page, server, '#/webhooks/new');
    await page.getByText('More attributes').click();
    expect(await axeViolations(page)).toEqual([]);
    const { webhooks } = await server.call('GET', '/v1/webhooks');
    await page.goto('about:blank');
    await openScreen(page, server, `#/webhooks/${webhooks[0].id}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await expectSoon(() => widthOf(page)).toBe(width);
  });

  test('axe finds nothing where the server is gone, or wants a token', { timeout: 600_000 }, async () => {
    await using gone = await servedInspector('--host', '0.0.0.0', '--to', receiver.url.href);
    await using tab = await browser.open({ bypassCSP: true });
    const { page } = tab;
    const address = `http://127.0.0.1:${new URL(gone.url).port}/`;
    await page.goto(address);
    await page.getByLabel('Token').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.goto('about:blank');
    await page.goto(`${address}#token=${gone.token ?? ''}`);
    await page.locator('.live.on').waitFor();
    await gone[Symbol.asyncDispose]();
    await page.locator('.trouble').waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });
});

/** An inquiry of the sandbox, which takes any key of its form. */
async function createInquiry({ url }: ServedInspector, reference: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/inquiries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer persona_sandbox_test' },
    body: JSON.stringify({
      data: { attributes: { 'inquiry-template-id': 'itmpl_1', 'reference-id': reference } },
      meta: { 'auto-create-inquiry-session': true },
    }),
  });
  const { data } = (await response.json()) as { data: { id: string } };
  return data.id;
}

const heightOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollHeight');

/** Nothing is loading any more. */
async function settled(page: Page): Promise<void> {
  await expectSoon(() => page.locator('.empty', { hasText: 'Loading' }).count()).toBe(0);
  await page.waitForLoadState('domcontentloaded');
}

/** What is wrong, and where. */
async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(`
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target, failureSummary].join(' '))))
  `);
}
