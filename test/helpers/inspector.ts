import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { chromium, type Browser, type Page } from 'playwright-core';

const BIN = fileURLToPath(new URL('../../bin/hookcast.js', import.meta.url));
const CHROMIUM = '/usr/bin/chromium';
/** How many times slower the pages run, to find a test that reads the page before it is ready. */
const SLOWDOWN = Number(process.env['HOOKCAST_BROWSER_SLOWDOWN'] ?? 1);
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];

type BrowserOptions = Parameters<Browser['newPage']>[0];

/** `hookcast serve` as it is installed, with the pages that were built. */
export async function servedInspector(...flags: readonly string[]) {
  const child = spawn(process.execPath, [BIN, 'serve', '--port', '0', '--json', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const first = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.on('exit', () => reject(new Error(`hookcast serve ended: ${text}`)));
  });
  const { url, token } = JSON.parse(first) as { url: string; token?: string };
  return {
    ...{ url, token },
    call: (method: string, path: string, body?: unknown) => call(url + path, method, body),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}

export type ServedInspector = Awaited<ReturnType<typeof servedInspector>>;

async function call(url: string, method: string, body?: unknown): Promise<any> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...json, headers: { 'content-type': 'application/json' } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** A browser whose pages remember what they complained about. */
export async function watchedBrowser() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, timeout: 100_000 });
  return {
    open: (options: BrowserOptions = {}) => watchedPage(browser, options),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function watchedPage(browser: Browser, options: BrowserOptions) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(100_000);
  if (SLOWDOWN > 1) {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  }
  const seen = { dialogs: 0, messages: [] as string[], origins: new Set<string>() };
  page.on('dialog', (dialog) => {
    seen.dialogs += 1;
    void dialog.dismiss();
  });
  page.on('console', (message) => seen.messages.push(message.text()));
  page.on('pageerror', (error) => seen.messages.push(error.message));
  page.on('request', (request) => seen.origins.add(new URL(request.url()).origin));
  return { page, seen, [Symbol.asyncDispose]: () => context.close() };
}

/** Opens a screen; a new page each time, since only the hash differs. */
export async function openScreen(page: Page, { url }: { readonly url: string }, hash: string): Promise<void> {
  await page.goto(`${url}/${hash}`);
  await page.locator('.live.on').waitFor();
}

/** Asked again until it is so; a loaded machine takes its time. */
export const expectSoon = <Value>(value: () => Value | Promise<Value>) => expect.poll(value);
