import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasNoBrowser, whyNoBrowser } from '../helpers/browser.ts';
import { expectSoon, openScreen, servedInspector, watchedBrowser } from '../helpers/inspector.ts';
import { httpServer } from '../helpers/servers.ts';

const PHONE = { viewport: { width: 390, height: 800 } };
const refusing = () => httpServer((_, response) => response.writeHead(500).end('no'));

describe.skipIf(hasNoBrowser)(`what the inspector is steered with${whyNoBrowser}`, () => {
  let browser: Awaited<ReturnType<typeof watchedBrowser>>;
  beforeAll(async () => {
    browser = await watchedBrowser();
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  test('a webhook is deleted when that was confirmed', { timeout: 600_000 }, async () => {
    await using receiver = await refusing();
    await using server = await servedInspector('--to', receiver.url.href);
    await server.call('PATCH', '/v1/webhooks/default/clock', { paused: true });
    await server.call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved' });
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '#/webhooks');
    const question = page.getByRole('alertdialog', { name: 'Delete the webhook?' });
    const ask = async () => {
      await page.getByRole('button', { name: 'Delete' }).focus();
      await page.keyboard.press('Enter');
      await question.waitFor();
    };
    await ask();
    await expectSoon(() => question.locator('p').textContent()).toContain(
      '1 pending delivery to it will fail.',
    );
    // Enter alone keeps it, as Escape does, and the focus is where it was.
    for (const key of ['Enter', 'Escape']) {
      await expectSoon(() => focusedText(page)).toBe('Keep');
      await page.keyboard.press(key);
      await question.waitFor({ state: 'detached' });
      await expectSoon(() => focusedText(page)).toBe('Delete');
      await ask();
    }
    expect((await server.call('GET', '/v1/webhooks')).webhooks).toHaveLength(1);
    await page.keyboard.press('Tab');
    await expectSoon(() => focusedText(page)).toBe('Delete');
    await page.keyboard.press('Enter');
    await page.getByText('The webhook is gone').waitFor();
    expect((await server.call('GET', '/v1/webhooks')).webhooks).toEqual([]);
    expect((await server.call('GET', '/v1/deliveries/d1')).state).toBe('failed');
    expect(tab.seen.messages).toEqual([]);
  });

  test('the hand of the clock is stepped, and pulled to an attempt', { timeout: 600_000 }, async () => {
    await using receiver = await refusing();
    await using server = await servedInspector('--to', receiver.url.href);
    await server.call('PATCH', '/v1/webhooks/default/clock', { paused: true });
    await server.call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved' });
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '#/deliveries/d1');
    const verdict = page.locator('.verdict');
    const hand = page.getByRole('slider', { name: 'Clock' });
    await hand.focus();
    await page.keyboard.press('ArrowRight');
    await expectSoon(() => verdict.textContent()).toContain('Attempt 2 of 9 failed');
    const middleOf = async (name: string | RegExp) => {
      const { x, y, width, height } = (await page.getByText(name, { exact: true }).boundingBox()) ?? fail();
      return { x: x + width / 2, y: y + height / 2 };
    };
    const { x, y, width } = (await hand.boundingBox()) ?? fail();
    await page.mouse.move(x + width / 2, y + 5);
    await page.mouse.down();
    await page.mouse.move((await middleOf('5')).x + 4, y + 5);
    await expectSoon(() => page.locator('.bubble').textContent()).toBe('1h 21m');
    expect((await server.call('GET', '/v1/deliveries/d1')).attemptsMade).toBe(2);
    await page.mouse.up();
    await expectSoon(() => verdict.textContent()).toContain('Attempt 5 of 9 failed');
    expect(tab.seen.messages).toEqual([]);
  });

  test('on a phone the clock’s buttons are one row', { timeout: 600_000 }, async () => {
    await using server = await servedInspector('--to', 'http://127.0.0.1:9/');
    await using tab = await browser.open(PHONE);
    await openScreen(tab.page, server, '');
    const controls = tab.page.locator('.clock .controls > *');
    const tops = await controls.evaluateAll((all: any[]) =>
      all.map((one) => one.getBoundingClientRect().top),
    );
    expect([tops.length, new Set(tops).size]).toEqual([7, 1]);
    await tab.page.getByRole('button', { name: 'Pause' }).click();
    await tab.page.getByRole('button', { name: 'To the end' }).waitFor();
  });

  test('the list says to whom, and what is over is cleared', { timeout: 600_000 }, async () => {
    await using receiver = await httpServer((_, response) => response.writeHead(200).end());
    await using server = await servedInspector('--to', receiver.url.href);
    await server.call('POST', '/v1/webhooks', { url: receiver.url.href, name: 'billing', paused: true });
    const { webhooks } = await server.call('GET', '/v1/webhooks');
    const body = { webhook: webhooks[1].id, steps: [{ event: 'inquiry.created' }] };
    await server.call('POST', '/v1/scenarios/inline/runs', body);
    await server.call('POST', '/v1/deliveries?wait=settled', { event: 'inquiry.approved' });
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '');
    await page.locator('.rows li').nth(1).waitFor();
    await expectSoon(() => page.locator('.rows .to').allTextContents()).toEqual([
      `, to ${receiver.url.href}`,
      ', to billing',
    ]);
    const count = page.locator('.count');
    await page.locator('.rows a').last().click();
    await page.getByRole('link', { name: 'run r1' }).click();
    await expectSoon(() => count.textContent()).toBe('1 of 2 deliveries');
    await page.getByRole('button', { name: 'Run r1 only' }).click();
    await expectSoon(() => count.textContent()).toBe('2 deliveries');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByLabel('Export these deliveries as').selectOption('har'),
    ]);
    expect(download.suggestedFilename()).toBe('hookcast.har');
    await server.call('POST', '/v1/webhooks/default/disable');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Clear' }).click();
    await expectSoon(() =>
      server.call('GET', '/v1/deliveries').then((list) => list.deliveries.length),
    ).toBeLessThan(2);
    await page.getByText(/^Cleared [12] deliver/).waitFor();
    expect(tab.seen.messages).toEqual([]);
  });

  test('what comes in above leaves the list where it is read', { timeout: 600_000 }, async () => {
    await using server = await servedInspector('--to', 'http://127.0.0.1:9/');
    await server.call('POST', '/v1/webhooks/default/disable');
    const body = Buffer.from('{}').toString('base64');
    for (let sent = 0; sent < 60; sent += 1) await server.call('POST', '/v1/deliveries', { body });
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '#/deliveries/d20');
    const row = page.locator('#row-d20');
    await row.waitFor();
    const before = await row.boundingBox();
    expect(before?.y).toBeLessThan(900);
    await server.call('POST', '/v1/deliveries', { body });
    await expectSoon(() => page.locator('.count').textContent()).toBe('61 deliveries');
    expect(await row.boundingBox()).toEqual(before);
  });

  test('what was written in the form is there after a look elsewhere', { timeout: 600_000 }, async () => {
    await using server = await servedInspector('--to', 'http://127.0.0.1:9/');
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '#/send');
    const overrides = page.getByLabel('Overrides, one per line');
    await overrides.fill('note = {"a":');
    await page.getByText('Line 1: note is not JSON').waitFor();
    await overrides.fill('note = kept');
    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    await page.goBack();
    await expectSoon(() => overrides.inputValue()).toBe('note = kept');
  });

  test('a server that is gone, or wants a token, says what to do', { timeout: 600_000 }, async () => {
    await using server = await servedInspector('--host', '0.0.0.0', '--to', 'http://127.0.0.1:9/');
    await using tab = await browser.open();
    const { page } = tab;
    const url = new URL(server.url);
    await page.goto(`http://127.0.0.1:${url.port}/#/deliveries`);
    await page.getByText('This server wants its token').waitFor();
    await page.getByLabel('Token').fill(server.token ?? fail());
    await page.keyboard.press('Enter');
    await page.locator('.live.on').waitFor();
    await server[Symbol.asyncDispose]();
    await page.getByText('Is hookcast serve still running?').waitFor();
  });

  test('a read-only server offers nothing that it would refuse', { timeout: 600_000 }, async () => {
    await using server = await servedInspector('--read-only');
    await using tab = await browser.open();
    for (const screen of ['deliveries', 'send', 'webhooks', 'conformance']) {
      await tab.page.goto('about:blank');
      await openScreen(tab.page, server, `#/${screen}`);
      await tab.page.getByText('This server is read-only').waitFor();
      expect(await tab.page.getByText('Add a webhook').count()).toBe(0);
    }
  });
});

const focusedText = (page: Page) => page.evaluate<string>('document.activeElement.textContent');

function fail(): never {
  throw new Error('not there');
}
