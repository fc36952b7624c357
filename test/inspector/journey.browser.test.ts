import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVELOPMENT_SECRET } from '../../src/signing/sign.ts';
import { hasNoBrowser, whyNoBrowser, widthOf } from '../helpers/browser.ts';
import { expectSoon, openScreen, servedInspector, watchedBrowser } from '../helpers/inspector.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** A receiver that refuses everything, and keeps what it got. */
async function refusingReceiver() {
  const bodies: string[] = [];
  const server = await httpServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"no"}');
    });
  });
  return { ...server, bodies };
}

describe.skipIf(hasNoBrowser)(`the inspector${whyNoBrowser}`, () => {
  let browser: Awaited<ReturnType<typeof watchedBrowser>>;
  beforeAll(async () => {
    browser = await watchedBrowser();
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  test('a scenario is chosen and sent with the keyboard alone', { timeout: 600_000 }, async () => {
    await using receiver = await httpServer((_, response) => response.writeHead(200).end());
    await using server = await servedInspector('--to', receiver.url.href, '--time-scale', 'instant');
    await using tab = await browser.open();
    const { page, seen } = tab;
    await openScreen(page, server, '#/send');
    const scenario = page.getByLabel('Scenario', { exact: true });
    await page.getByText(/^4 events: the four events of Persona's Quickstart/).waitFor();
    await page.getByLabel('Reference id of the person').fill('of-the-page');
    await scenario.focus();
    await scenario.press('c');
    await page.getByRole('button', { name: 'Send case' }).waitFor();
    await scenario.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('case is under way as r1').waitFor();
    await page.getByRole('button', { name: /^Run r1 only/ }).waitFor();
    const { deliveries } = await server.call('GET', '/v1/runs/r1?wait=settled');
    await expectSoon(() => page.locator('.list-foot .count').textContent()).toContain(
      `${deliveries.length} deliveries`,
    );
    const { body } = await server.call('GET', '/v1/deliveries/d1/attempts/1').then(({ request }) => request);
    expect(body).toContain('of-the-page');
    expect(seen.messages).toEqual([]);
  });

  test('an event is sent, fails, is stepped, explained and resent edited', { timeout: 600_000 }, async () => {
    await using receiver = await refusingReceiver();
    await using server = await servedInspector('--to', receiver.url.href);
    await server.call('PATCH', '/v1/webhooks/default', {
      'api-attributes-blocklist': ['name-last', 'nme-first'],
    });
    await using tab = await browser.open();
    const { page, seen } = tab;
    await openScreen(page, server, '');

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await page.getByLabel('Find an event').fill('approved inquiry');
    await page.getByRole('option', { name: /^inquiry\.approved/ }).click();
    const overrides = page.getByLabel('Overrides, one per line');
    await overrides.fill('reviewer-com');
    await page.getByRole('button', { name: 'reviewer-comment', exact: true }).click();
    await expectSoon(() => overrides.inputValue()).toBe('reviewer-comment = ');
    await overrides.fill('note = from the page');
    await page.getByText('Would be sent to').waitFor();
    await page.getByText('"note": "from the page"').waitFor();
    await page.getByLabel('Overrides, one per line').press('Control+Enter');

    const verdict = page.locator('.verdict');
    const lead = (number: number) => `Attempt ${number} of 9 failed: the receiver answered 500.`;
    await expectSoon(() => verdict.textContent()).toBe(`${lead(1)} Attempt 2 waits for the paused clock.`);
    const clock = page.getByRole('region', { name: 'Clock' });
    await clock.getByRole('button', { name: 'Next' }).click();
    await expectSoon(() => verdict.textContent()).toContain(lead(2));
    await clock.getByRole('button', { name: 'Next' }).click();
    await expectSoon(() => verdict.textContent()).toBe(`${lead(3)} Attempt 4 waits for the paused clock.`);
    expect(receiver.bodies).toHaveLength(3);
    await page.getByRole('heading', { name: 'Attempt 3' }).waitFor();
    await expectSoon(() => page.title()).toBe('inquiry.approved d1 · Deliveries · hookcast');

    await page.getByRole('tab', { name: 'Response' }).click();
    await page.getByText('HTTP 500').waitFor();
    await page.getByRole('tab', { name: 'Signature' }).click();
    const t = await page.locator('.signed mark.t').textContent();
    await expectSoon(() => page.locator('.signed mark.payload').textContent()).toBe(
      `${receiver.bodies[2]?.slice(0, 600) ?? ''}…`,
    );
    await page.getByText('(the development secret)').waitFor();
    const field = page.getByLabel('Signature that your receiver computed');
    const answer = page.locator('.receiver [role=status]');
    const hmac = (text: string) => createHmac('sha256', DEVELOPMENT_SECRET).update(text).digest('hex');
    await field.fill(hmac(receiver.bodies[2] ?? ''));
    await field.press('Enter');
    await expectSoon(() => answer.textContent()).toContain('without the timestamp');
    await field.fill(hmac(`${t ?? ''}.${receiver.bodies[2] ?? ''}`));
    await field.press('Enter');
    await expectSoon(() => answer.textContent()).toBe('That is right: your receiver computes the same.');

    await page.getByRole('tab', { name: 'Payload' }).click();
    await expectSoon(() => page.locator('.note.warn .chips').textContent()).toBe('nme-first');
    const gone = page.locator('.tree .gone').first();
    await expectSoon(() => gone.textContent()).toMatch(/^ +"name-last"removed by name-last$/);
    await expectSoon(() => gone.locator('del').textContent()).toBe('"name-last"');

    await page.getByRole('button', { name: 'Resend edited…' }).click();
    const body = page.getByRole('textbox', { name: 'Body' });
    await expectSoon(() => body.inputValue()).toContain('from the page');
    // Chromium takes seconds to fill in some thousand lines, and none to write over a few words.
    await body.evaluate((area: any) => {
      const start = String(area.value).indexOf('from the page');
      area.focus();
      area.setSelectionRange(start, start + 'from the page'.length);
    });
    await page.keyboard.insertText('edited by hand');
    await body.press('Control+Enter');
    await expectSoon(() => page.url()).toContain('#/deliveries/d2');
    await expectSoon(() => verdict.textContent()).toContain(lead(1));
    expect(receiver.bodies[3]).toBe(receiver.bodies[2]?.replace('from the page', 'edited by hand'));
    await page.getByText('resend of d1').waitFor();
    expect(seen.messages).toEqual([]);
    expect([...seen.origins]).toEqual([new URL(server.url).origin]);
  });

  test('everything can be done with the keyboard', { timeout: 600_000 }, async () => {
    await using receiver = await refusingReceiver();
    await using server = await servedInspector('--to', receiver.url.href);
    await server.call('PATCH', '/v1/webhooks/default/clock', { paused: true });
    for (let count = 0; count < 3; count += 1) {
      await server.call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved' });
    }
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '');
    await page.locator('#row-d1').waitFor();
    const press = (...keys: readonly string[]) =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    const focused = () => page.evaluate<string>('document.activeElement.id');
    await press('j');
    await expectSoon(focused).toBe('row-d3');
    await press('j');
    await expectSoon(focused).toBe('row-d2');
    await press('k');
    await expectSoon(focused).toBe('row-d3');
    await press('Enter');
    const verdict = page.locator('.verdict');
    await expectSoon(() => verdict.textContent()).toContain('Attempt 1 of 9');
    await press('n');
    await expectSoon(() => verdict.textContent()).toContain('Attempt 2 of 9');
    await press('r');
    await expectSoon(() => page.url()).toContain('#/deliveries/d4');
    await press('/');
    await expectSoon(focused).toBe('search');
    await page.keyboard.type('d3');
    await expectSoon(() => page.locator('.count').textContent()).toMatch(/^[12] of 4 deliveries$/);
    await page.getByRole('link', { name: 'Deliveries', exact: true }).focus();
    await press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page
      .locator('h2')
      .first()
      .evaluate(() => undefined);
    await page.getByRole('link', { name: 'Deliveries', exact: true }).focus();
    await press(' ');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect((await server.call('GET', '/v1/webhooks/default/clock')).paused).toBe(false);
    await press('u');
    await expectSoon(() => page.url()).not.toContain('/d4');
    expect(tab.seen.messages).toEqual([]);
  });

  test('10,000 deliveries are a list of few rows that scrolls to its end', { timeout: 600_000 }, async () => {
    await using server = await servedInspector('--to', 'http://127.0.0.1:9/', '--keep', '10000');
    await server.call('POST', '/v1/webhooks/default/disable');
    const body = Buffer.from('{}').toString('base64');
    for (let sent = 0; sent < 10_000; sent += 50) {
      await Promise.all(Array.from({ length: 50 }, () => server.call('POST', '/v1/deliveries', { body })));
    }
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '');
    const count = page.locator('.count');
    await expectSoon(() => count.textContent()).toBe('10,000 deliveries');
    const rows = page.locator('.rows li');
    expect(await rows.count()).toBeLessThan(60);
    await page.locator('.rows').evaluate((box: any) => {
      box.scrollTop = box.scrollHeight;
    });
    await page.locator('#row-d1').waitFor();
    expect(await rows.count()).toBeLessThan(60);
    expect(await page.locator('#row-d1').boundingBox()).toMatchObject({ height: 52 });
    expect(tab.seen.messages).toEqual([]);
  });

  test('the address holds the filters; a token in it is kept and hidden', { timeout: 600_000 }, async () => {
    await using receiver = await refusingReceiver();
    await using server = await servedInspector('--to', receiver.url.href);
    await server.call('PATCH', '/v1/webhooks/default/clock', { paused: true });
    for (const event of ['inquiry.approved', 'inquiry.failed']) {
      await server.call('POST', '/v1/deliveries?wait=attempt:1', { event });
    }
    await server.call('POST', '/v1/deliveries/d1/cancel');
    await using tab = await browser.open({ viewport: { width: 390, height: 800 } });
    const { page } = tab;
    await openScreen(page, server, '#/deliveries?state=cancelled');
    await expectSoon(() => page.locator('.count').textContent()).toBe('1 of 2 deliveries');
    await expectSoon(() => widthOf(page)).toBe(390);
    await page.getByLabel('State', { exact: true }).selectOption('');
    await page.getByLabel('Event', { exact: true }).selectOption('inquiry.failed');
    await expectSoon(() => page.url()).toBe(`${server.url}/#/deliveries?event=inquiry.failed`);
    await page.locator('.rows a').click();
    await expectSoon(() => page.url()).toBe(`${server.url}/#/deliveries/d2?event=inquiry.failed`);
    await page.getByRole('link', { name: '‹ Deliveries' }).click();
    await expectSoon(() => page.url()).toBe(`${server.url}/#/deliveries?event=inquiry.failed`);
    await page.goto('about:blank');
    await openScreen(page, server, '#token=se%2Fcret');
    await expectSoon(() => page.url()).toBe(`${server.url}/#/deliveries`);
    await expectSoon(() => page.evaluate<string>('sessionStorage.getItem("hookcast-token")')).toBe('se/cret');
  });

  test('a webhook is added, its blocklist checked, its secret rotated', { timeout: 600_000 }, async () => {
    await using receiver = await refusingReceiver();
    await using server = await servedInspector();
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '');
    await page.getByRole('link', { name: 'Add a webhook' }).click();
    await page.getByLabel('URL', { exact: true }).fill(receiver.url.href);
    await page.getByRole('button', { name: 'Add the webhook' }).click();
    await page.getByText('does not expire').waitFor();
    const blocklist = page.getByLabel('API attributes blocklist');
    await blocklist.fill('name-*\nnme');
    const hits = page.locator('.hits li');
    await expectSoon(() => hits.allTextContents()).toEqual([
      expect.stringMatching(/^name-\* removes \d+ members$/),
      'nme matches nothing',
    ]);
    await blocklist.fill('name-*');
    await page.getByLabel('Custom HTTP headers').fill('X-Tenant');
    await page.getByText('“X-Tenant”: write Name: value').waitFor();
    await expectSoon(() => page.getByRole('button', { name: 'Save changes' }).isDisabled()).toBe(true);
    await page.getByLabel('Custom HTTP headers').fill('X-Tenant: a');
    await page.getByLabel('API key inflection').selectOption('camel');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByLabel('New secret').fill('wbhsec_the-next-one');
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.getByText('signs as well until').waitFor();
    const webhook = await server.call('GET', '/v1/webhooks/default');
    expect(webhook).toMatchObject({
      'api-attributes-blocklist': ['name-*'],
      'custom-http-headers': { 'X-Tenant': 'a' },
      'api-key-inflection': 'camel',
    });
    expect(webhook.secrets).toHaveLength(2);
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable', exact: true }).click();
    await page.getByRole('button', { name: 'Disable' }).waitFor();
    expect(tab.seen.messages).toEqual([]);
  });

  test('without a webhook every screen leads to one', { timeout: 600_000 }, async () => {
    await using server = await servedInspector();
    await using tab = await browser.open();
    const { page } = tab;
    for (const screen of ['deliveries', 'send', 'conformance']) {
      await page.goto('about:blank');
      await openScreen(page, server, `#/${screen}`);
      await page.getByRole('link', { name: /add a webhook/i }).click();
      await page.getByLabel('URL', { exact: true }).waitFor();
      await expectSoon(() => page.title()).toBe('new · Webhooks · hookcast');
    }
  });

  test('the clock that was chosen is shown beside a delivery of another', { timeout: 600_000 }, async () => {
    await using receiver = await refusingReceiver();
    await using server = await servedInspector('--to', receiver.url.href);
    const other = await server.call('POST', '/v1/webhooks', { url: `${receiver.url.href}other` });
    await server.call('POST', '/v1/deliveries', { event: 'inquiry.approved' });
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '#/deliveries/d1');
    const clock = page.getByRole('region', { name: 'Clock' });
    await clock.getByLabel('Whose clock').selectOption(other.id);
    await clock.getByRole('button', { name: 'Pause' }).click();
    await clock.getByRole('button', { name: 'Resume' }).waitFor();
    const pausedOf = async (id: string) => (await server.call('GET', `/v1/webhooks/${id}/clock`)).paused;
    expect([await pausedOf('default'), await pausedOf(other.id)]).toEqual([false, true]);
  });

  test('a conformance run lists its failures with what was expected', { timeout: 600_000 }, async () => {
    await using receiver = await refusingReceiver();
    await using server = await servedInspector('--to', receiver.url.href);
    await server.call('POST', '/v1/conformance-runs?wait=settled', { only: ['ACK-01'] });
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '#/conformance?run=c1');
    await page.getByText('1 of 1 checks failed.').waitFor();
    const row = page.locator('.check-row');
    await expectSoon(() => row.locator('.badge').textContent()).toBe('fail');
    await expectSoon(() => row.locator('dt').allTextContents()).toEqual(
      expect.arrayContaining(['Rule', 'Expected', 'Actual', 'How to fix it', 'Source', 'Repeat']),
    );
    const link = row.getByRole('link', { name: 'ACK-01 in the documentation' });
    await expectSoon(() => link.getAttribute('href')).toMatch(/^https:.*\/docs\/checks\/ack\.md#ack-01$/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'junit' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('conformance.xml');
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await page.getByRole('link', { name: 'Conformance', exact: true }).click();
    await page.getByText('1 of 1 checks failed.').waitFor();
    expect(tab.seen.messages).toEqual([]);
  });

  test(
    'an inquiry is created, completed, approved, and its events looked at',
    { timeout: 600_000 },
    async () => {
      await using receiver = await refusingReceiver();
      await using server = await servedInspector('--to', receiver.url.href);
      await server.call('PATCH', '/v1/webhooks/default/clock', { paused: true });
      await using tab = await browser.open();
      const { page } = tab;
      await openScreen(page, server, '');
      await page.getByRole('link', { name: 'Inquiries', exact: true }).click();
      await page.getByText('No inquiries yet.').waitFor();
      await page.getByLabel('Reference id of a new inquiry').fill('user-1');
      await page.keyboard.press('Enter');
      const status = page.locator('.inquiry-head .badge');
      await expectSoon(() => status.textContent()).toBe('created');
      await page.getByRole('button', { name: 'Complete', exact: true }).click();
      await expectSoon(() => status.textContent()).toBe('completed');
      const button = (name: string) => page.getByRole('button', { name, exact: true });
      await expectSoon(() => button('Start').getAttribute('title')).toMatch(
        /^The inquiry is completed, which/,
      );
      await expectSoon(() => button('Start').isDisabled()).toBe(true);
      await expectSoon(() => button('Approve').isDisabled()).toBe(false);
      await page.getByRole('button', { name: 'Mark for review', exact: true }).click();
      await expectSoon(() => status.textContent()).toBe('needs review');
      await page.getByRole('button', { name: 'Approve', exact: true }).click();
      await expectSoon(() => status.textContent()).toBe('approved');
      await expectSoon(() => button('Approve').isDisabled()).toBe(true);
      await expectSoon(() => button('Decline').isDisabled()).toBe(false);
      const events = page.locator('.inquiry-events a');
      await expectSoon(() => events.allTextContents()).toEqual(
        expect.arrayContaining(['inquiry.created', 'inquiry.completed', 'inquiry.approved']),
      );
      await events.filter({ hasText: 'inquiry.approved' }).click();
      await page.getByRole('heading', { name: 'inquiry.approved' }).waitFor();
      await page.goBack();
      const reset = await server.call('POST', '/v1/reset');
      expect(reset.webhooks).toBe(1);
      await page.getByText('There is no inquiry').waitFor();
      expect(tab.seen.messages).toEqual([]);
    },
  );

  test('a sandbox whose seed file names a key asks for it', { timeout: 600_000 }, async () => {
    await using folder = await temporaryFolder();
    const seed = { key: 'persona_sandbox_mine', inquiries: [{ referenceId: 'of the seed' }] };
    const path = await folder.write('seed.json', JSON.stringify(seed));
    await using server = await servedInspector('--seed-file', path);
    await using tab = await browser.open({ viewport: { width: 390, height: 800 } });
    const { page } = tab;
    await openScreen(page, server, '#/inquiries');
    await page.getByLabel('API key of the sandbox').fill('persona_sandbox_mine');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /of the seed/ }).click();
    await page.getByRole('button', { name: 'Link to the hosted page' }).click();
    const link = page.getByRole('link', { name: 'Open the hosted page' });
    await expectSoon(() => link.getAttribute('href')).toMatch(new RegExp(`^${server.url}/verify`));
    await expectSoon(() => widthOf(page)).toBe(390);
  });

  test('a read-only server shows no button that changes something', { timeout: 600_000 }, async () => {
    await using server = await servedInspector('--to', 'http://127.0.0.1:9/', '--read-only');
    await using tab = await browser.open();
    const { page } = tab;
    await openScreen(page, server, '#/webhooks');
    await page.getByText('live, read-only').waitFor();
    expect(await page.locator('.clock button, .webhooks button').count()).toBe(0);
    await expectSoon(() => page.getByLabel('URL', { exact: true }).isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await page.getByText('Would be sent to').waitFor();
    for (const what of ['inquiry.approved', 'quickstart'])
      await expectSoon(() => page.getByRole('button', { name: `Send ${what}` }).isDisabled()).toBe(true);
  });
});
