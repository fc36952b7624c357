import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/persona/policies.ts';
import { loadHtml } from '../../../src/report/load/html.ts';
import { summarise } from '../../../src/load/result.ts';
import {
  browserWith,
  faintTexts,
  hasNoBrowser,
  outlineOf,
  SIZES,
  whyNoBrowser,
  widthOf,
} from '../../helpers/browser.ts';
import { emitVirtually, pretendedReceiver } from '../../helpers/load.ts';
import { virtualAlarms } from '../../helpers/virtual-alarms.ts';

const MARKUP = '<script>document.title=1</script>';

/** A run with everything that the page can show: failures of all sorts, retries, a stall, forgeries taken. */
async function eventfulReport() {
  const clock = virtualAlarms();
  const sender = pretendedReceiver(clock, ({ slot, before, atMs }) => {
    if (before === 0 && slot === 1) return { code: `E<b>${MARKUP}` };
    if (before === 0 && slot === 2) return { status: 503, after: 900 };
    if (before === 0 && slot === 3) return { silence: true };
    return { status: 200, after: 3 + (atMs % 40) };
  });
  const plan = { count: 400, ratePerSecond: 100, concurrency: 30, forged: 0.1, duplicates: 0.1 };
  const result = await emitVirtually(clock, { ...plan, timeScale: 1_000 }, { sender });
  const { responseTime, latency, lateness } = result;
  return {
    ...{ url: `http://localhost:3000/${MARKUP}`, policy: DEFAULT_POLICY, seed: 1, result, ...plan },
    responseTime: summarise(responseTime),
    latency: summarise(latency),
    lateness: summarise(lateness),
  };
}

describe.skipIf(hasNoBrowser)(`the page of a load run in a browser${whyNoBrowser}`, () => {
  let browser: Awaited<ReturnType<typeof browserWith>>;

  beforeAll(async () => {
    browser = await browserWith(loadHtml(await eventfulReport()));
  });

  afterAll(() => browser[Symbol.asyncDispose]());

  test('nothing in the URL or in errors runs, loads or asks', async () => {
    await using tab = await browser.open();
    expect(await tab.page.title()).toBe(`Load report: http://localhost:3000/${MARKUP}`);
    expect(tab.seen).toEqual({ dialogs: 0, messages: [], requests: [browser.url] });
    expect(await tab.page.locator('script, img, iframe, object, link').count()).toBe(0);
  });

  test('draws the distribution and the rate, and lists failures of each sort', async () => {
    await using tab = await browser.open();
    expect(await tab.page.locator('svg').count()).toBe(2);
    const text = await tab.page.locator('main').innerText();
    expect(text).toContain('503');
    expect(text).toContain('ms');
    const [rate, axis] = ['.sent', '.axis'].map((part) => tab.page.locator('svg').last().locator(part));
    const [curve, ground] = [await rate?.boundingBox(), await axis?.boundingBox()];
    expect(curve!.x + curve!.width).toBeLessThanOrEqual(ground!.x + ground!.width + 1);
    for (const picture of await tab.page.locator('svg').all()) {
      const box = await picture.boundingBox();
      expect(box?.height).toBeGreaterThan(80);
      expect(await picture.locator('path, rect, polyline, line').count()).toBeGreaterThan(3);
    }
  });

  test.each(SIZES)('fits $width pixels', async (viewport) => {
    await using tab = await browser.open({ viewport });
    expect(await widthOf(tab.page)).toBe(viewport.width);
  });

  test.each(['light', 'dark'] as const)(
    'text stands out from its ground in the %s scheme',
    async (colorScheme) => {
      await using tab = await browser.open({ colorScheme });
      const { texts, faint } = await faintTexts(tab.page);
      expect(texts).toBeGreaterThan(40);
      expect(faint).toEqual([]);
    },
  );

  test('has one main heading, a name for each picture, and no level left out', async () => {
    await using tab = await browser.open();
    expect(await outlineOf(tab.page)).toEqual({
      mainHeadings: 1,
      leftOut: [],
      unnamedPictures: 0,
      unnamedRegions: 0,
    });
  });
});
