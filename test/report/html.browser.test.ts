import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { htmlReport } from '../../src/report/conformance/html.ts';
import { SAMPLE_REPORT } from '../helpers/sample-report.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';

const CHROMIUM = '/usr/bin/chromium';

/** Where every test has to run, a browser that is not there is a failure. */
const isSkipped = !existsSync(CHROMIUM) && process.env['CI'] !== 'true';
const reason = isSkipped ? ` (skipped: there is no ${CHROMIUM})` : '';

const ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

const SIZES = [
  { width: 1280, height: 900 },
  { width: 375, height: 700 },
];

describe.skipIf(isSkipped)(`the HTML report in a browser${reason}`, () => {
  let folder: TemporaryFolder;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    url = pathToFileURL(await folder.write('report.html', htmlReport(SAMPLE_REPORT))).href;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await folder[Symbol.asyncDispose]();
  });

  /** With all that a page may do behind its reader's back. */
  async function opened(options: Parameters<Browser['newPage']>[0] = {}, anchor = '') {
    const page = await browser.newPage(options);
    const seen = { dialogs: 0, messages: [] as string[], requests: [] as string[] };
    page.on('dialog', (dialog) => {
      seen.dialogs += 1;
      void dialog.dismiss();
    });
    page.on('console', (message) => seen.messages.push(message.text()));
    page.on('pageerror', (error) => seen.messages.push(error.message));
    page.on('request', (request) => seen.requests.push(request.url()));
    await page.goto(url + anchor);
    return { page, seen, [Symbol.asyncDispose]: () => page.close() };
  }

  const openEverything = (page: Page) =>
    page.locator('details:not([open]) > summary').evaluateAll((summaries) => {
      for (const summary of summaries) (summary as unknown as { click(): void }).click();
    });

  test('nothing that a receiver answered runs, loads or asks', async () => {
    await using tab = await opened();
    await openEverything(tab.page);
    expect(await tab.page.title()).toBe('Conformance report: cracked, sound');
    expect(tab.seen).toEqual({ dialogs: 0, messages: [], requests: [url] });
    expect(await tab.page.locator('script, img, iframe, object, link').count()).toBe(0);
    expect(await tab.page.locator('#r0-SIG-04 pre').allInnerTexts()).toContainEqual(
      expect.stringContaining('<script>document.title='),
    );
  });

  test('its policy would stop a script and a picture that got in', async () => {
    await using tab = await opened();
    await tab.page.evaluate(`
      document.body.insertAdjacentHTML('beforeend', '<img src="http://localhost:9/x.png" onerror="document.title=1">');
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = 2' }));
    `);
    await expect.poll(() => tab.seen.messages.length).toBeGreaterThanOrEqual(2);
    expect(tab.seen.messages.join('\n')).toContain('Content Security Policy');
    expect(await tab.page.title()).toBe('Conformance report: cracked, sound');
  });

  test.each(SIZES)('fits $width pixels, folded and unfolded', async (viewport) => {
    await using tab = await opened({ viewport });
    const width = () => tab.page.evaluate<number>('document.documentElement.scrollWidth');
    expect(await width()).toBe(viewport.width);
    expect(await tab.page.locator('.matrix').isVisible()).toBe(true);
    expect(await tab.page.locator('.matrix .chip').count()).toBe(16);
    await openEverything(tab.page);
    expect(await width()).toBe(viewport.width);
  });

  test('failures are open, the others open on a click, and so do exchanges', async () => {
    await using tab = await opened();
    expect(await tab.page.locator('#r0-SIG-04 dl').isVisible()).toBe(true);
    const facts = tab.page.locator('#r0-ACK-01 dl');
    expect(await facts.isVisible()).toBe(false);
    await tab.page.locator('#r0-ACK-01 > details > summary').click();
    expect(await facts.isVisible()).toBe(true);
    await tab.page.locator('#r0-ACK-01 .exchange > summary').click();
    expect(await tab.page.locator('#r0-ACK-01 pre').first().isVisible()).toBe(true);
  });

  test('a verdict of the head shows the checks that have it, and no others', async () => {
    await using tab = await opened();
    await tab.page.getByRole('link', { name: '2 fail' }).click();
    const shown = async () =>
      tab.page.locator('.check:visible').evaluateAll((checks) => checks.map(({ id }) => id));
    expect(await shown()).toEqual(['r0-SIG-04', 'r0-SIG-08']);
    expect(await tab.page.locator('.family:visible').count()).toBe(1);
    await tab.page.getByRole('link', { name: 'show all' }).click();
    expect(await shown()).toHaveLength(16);
  });

  test.each(['light', 'dark'] as const)(
    'text stands out from its ground in the %s scheme',
    async (colorScheme) => {
      await using tab = await opened({ colorScheme });
      await openEverything(tab.page);
      const contrasts = await tab.page.evaluate<readonly [string, number][]>(CONTRASTS);
      expect(contrasts.length).toBeGreaterThan(100);
      expect(contrasts.filter(([, contrast]) => contrast < 4.5)).toEqual([]);
    },
  );

  test('has one main heading, a name for each region and picture, and no level left out', async () => {
    await using tab = await opened();
    await openEverything(tab.page);
    const levels = await tab.page
      .locator('h1, h2, h3, h4, h5, h6')
      .evaluateAll((headings) => headings.map(({ tagName }) => Number(tagName[1])));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) => expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1));
    expect(await tab.page.locator('svg:not([role=img][aria-label])').count()).toBe(0);
    expect(await tab.page.locator('[role=region]:not([aria-labelledby])').count()).toBe(0);
  });

  test('prints with everything open', async () => {
    await using tab = await opened();
    await tab.page.emulateMedia({ media: 'print' });
    expect(await tab.page.locator('#r0-ACK-01 dl').isVisible()).toBe(true);
    expect(await tab.page.locator('nav').isVisible()).toBe(false);
  });
});

/** For each element with text of its own: its contrast by WCAG's formula with the first opaque ground below. */
const CONTRASTS = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 && element.parentElement ? ground(element.parentElement) : colour;
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  return [...document.body.querySelectorAll('*')].filter(hasText).map((element) => {
    const style = getComputedStyle(element);
    const [a, b] = [element instanceof SVGElement ? style.fill : style.color, ground(element)].map(luminance);
    return [element.outerHTML.slice(0, 80), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
  });
})()`;
