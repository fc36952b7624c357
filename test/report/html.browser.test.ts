import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { htmlReport } from '../../src/report/conformance/html.ts';
import {
  browserWith,
  faintTexts,
  hasNoBrowser,
  outlineOf,
  SIZES,
  whyNoBrowser,
  widthOf,
} from '../helpers/browser.ts';
import { SAMPLE_REPORT } from '../helpers/sample-report.ts';

describe.skipIf(hasNoBrowser)(`the HTML report in a browser${whyNoBrowser}`, () => {
  let browser: Awaited<ReturnType<typeof browserWith>>;

  beforeAll(async () => {
    browser = await browserWith(htmlReport(SAMPLE_REPORT));
  });

  afterAll(() => browser[Symbol.asyncDispose]());

  const openEverything = (page: Page) =>
    page.locator('details:not([open]) > summary').evaluateAll((summaries) => {
      for (const summary of summaries) (summary as unknown as { click(): void }).click();
    });

  test('nothing that a receiver answered runs, loads or asks', async () => {
    await using tab = await browser.open();
    await openEverything(tab.page);
    expect(await tab.page.title()).toBe('Conformance report: cracked, sound');
    expect(tab.seen).toEqual({ dialogs: 0, messages: [], requests: [browser.url] });
    expect(await tab.page.locator('script, img, iframe, object, link').count()).toBe(0);
    expect(await tab.page.locator('#r0-SIG-04 pre').allInnerTexts()).toContainEqual(
      expect.stringContaining('<script>document.title='),
    );
  });

  test('its policy would stop a script and a picture that got in', async () => {
    await using tab = await browser.open();
    await tab.page.evaluate(`
      document.body.insertAdjacentHTML('beforeend', '<img src="http://localhost:9/x.png" onerror="document.title=1">');
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = 2' }));
    `);
    await expect.poll(() => tab.seen.messages.length).toBeGreaterThanOrEqual(2);
    expect(tab.seen.messages.join('\n')).toContain('Content Security Policy');
    expect(await tab.page.title()).toBe('Conformance report: cracked, sound');
  });

  test.each(SIZES)('fits $width pixels, folded and unfolded', async (viewport) => {
    await using tab = await browser.open({ viewport });
    expect(await widthOf(tab.page)).toBe(viewport.width);
    expect(await tab.page.locator('.matrix').isVisible()).toBe(true);
    expect(await tab.page.locator('.matrix .chip').count()).toBe(16);
    await openEverything(tab.page);
    expect(await widthOf(tab.page)).toBe(viewport.width);
  });

  test('failures are open, the others open on a click, and so do exchanges', async () => {
    await using tab = await browser.open();
    expect(await tab.page.locator('#r0-SIG-04 dl').isVisible()).toBe(true);
    const facts = tab.page.locator('#r0-ACK-01 dl');
    expect(await facts.isVisible()).toBe(false);
    await tab.page.locator('#r0-ACK-01 > details > summary').click();
    expect(await facts.isVisible()).toBe(true);
    await tab.page.locator('#r0-ACK-01 .exchange > summary').click();
    expect(await tab.page.locator('#r0-ACK-01 pre').first().isVisible()).toBe(true);
  });

  test('a verdict of the head shows the checks that have it, and no others', async () => {
    await using tab = await browser.open();
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
      await using tab = await browser.open({ colorScheme });
      await openEverything(tab.page);
      const { texts, faint } = await faintTexts(tab.page);
      expect(texts).toBeGreaterThan(100);
      expect(faint).toEqual([]);
    },
  );

  test('has one main heading, a name for each region and picture, and no level left out', async () => {
    await using tab = await browser.open();
    await openEverything(tab.page);
    expect(await outlineOf(tab.page)).toEqual({
      mainHeadings: 1,
      leftOut: [],
      unnamedPictures: 0,
      unnamedRegions: 0,
    });
  });

  test('prints with everything open', async () => {
    await using tab = await browser.open();
    await tab.page.emulateMedia({ media: 'print' });
    expect(await tab.page.locator('#r0-ACK-01 dl').isVisible()).toBe(true);
    expect(await tab.page.locator('nav').isVisible()).toBe(false);
  });
});
