import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { temporaryFolder } from './temporary-folder.ts';

const CHROMIUM = '/usr/bin/chromium';

/** Where every test has to run, a browser that is not there is a failure. */
export const hasNoBrowser = !existsSync(CHROMIUM) && process.env['CI'] !== 'true';
export const whyNoBrowser = hasNoBrowser ? ` (skipped: there is no ${CHROMIUM})` : '';

const ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export const SIZES = [
  { width: 1280, height: 900 },
  { width: 375, height: 700 },
];

/** One page, as a file, and a browser that opens it. */
export async function browserWith(html: string) {
  const folder = await temporaryFolder();
  const url = pathToFileURL(await folder.write('report.html', html)).href;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, timeout: 100_000 });
  return {
    url,
    open: (options: Parameters<Browser['newPage']>[0] = {}) => opened(browser, url, options),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** With all that a page may do behind its reader's back. */
async function opened(browser: Browser, url: string, options: Parameters<Browser['newPage']>[0]) {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(100_000);
  const seen = { dialogs: 0, messages: [] as string[], requests: [] as string[] };
  page.on('dialog', (dialog) => {
    seen.dialogs += 1;
    void dialog.dismiss();
  });
  page.on('console', (message) => seen.messages.push(message.text()));
  page.on('pageerror', (error) => seen.messages.push(error.message));
  page.on('request', (request) => seen.requests.push(request.url()));
  await page.goto(url);
  return { page, seen, [Symbol.asyncDispose]: () => page.close() };
}

export const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

/** Each text with too little contrast to its ground, by WCAG 2; and how many texts there are. */
export async function faintTexts(page: Page) {
  const contrasts = await page.evaluate<readonly [string, number][]>(CONTRASTS);
  return { texts: contrasts.length, faint: contrasts.filter(([, contrast]) => contrast < 4.5) };
}

/** What a reader of the page by ear would miss. */
export async function outlineOf(page: Page) {
  const levels = await page
    .locator('h1, h2, h3, h4, h5, h6')
    .evaluateAll((headings) => headings.map(({ tagName }) => Number(tagName[1])));
  return {
    mainHeadings: levels.filter((level) => level === 1).length,
    leftOut: levels.filter((level, index) => level - (levels[index - 1] ?? 0) > 1),
    unnamedPictures: await page.locator('svg:not([role=img][aria-label])').count(),
    unnamedRegions: await page.locator('[role=region]:not([aria-labelledby], [aria-label])').count(),
  };
}

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
