import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../fixture/replace-file.ts';
import { shellQuoted } from '../../text/repeat-command.ts';
import { tryWriting } from './try-writing.ts';
import type { CheckReport, ConformanceReport, WireReport } from '../../conformance/report.ts';

const FAILING = new Set(['fail', 'error', 'non-strict', 'needs-oracle']);

/** Requests hold personal data and signatures. */
const OWNER_ONLY = 0o600;

/** For each exchange of a check that did not pass: the body's bytes, and a shell script with the curl line. */
export async function saveRequests(report: ConformanceReport, folder: string): Promise<void> {
  for (const { name, checks } of report.receivers) {
    const target = join(folder, name.replace(/[^\w.-]/g, '_'));
    const failed = checks.filter(({ verdict, wire }) => FAILING.has(verdict) && wire.length > 0);
    if (failed.length > 0) await openFolder(target);
    for (const check of failed) await tryWriting(target, () => saveCheck(check, target));
  }
}

/** @throws {FileError} where it cannot be made */
export async function openFolder(folder: string): Promise<void> {
  await tryWriting(folder, () => mkdir(folder, { recursive: true }));
}

async function saveCheck({ id, wire }: CheckReport, target: string): Promise<void> {
  for (const [index, exchange] of wire.entries()) {
    const stem = `${id}-${index + 1}`;
    await replaceFile(join(target, `${stem}.body`), exchange.request.body, OWNER_ONLY);
    await replaceFile(join(target, `${stem}.sh`), curlScript(exchange, `${stem}.body`), OWNER_ONLY);
  }
}

/** The signature ages: a receiver that checks `t` refuses it after some minutes; `--only <id>` signs again. */
function curlScript({ label, request }: WireReport, bodyFile: string): string {
  const headers = request.headers
    .filter(([name]) => name.toLowerCase() !== 'content-length')
    .map(([name, value]) => `  -H ${shellQuoted(value === '' ? `${name};` : `${name}: ${value}`)} \\\n`);
  const lines = headers.join('');
  return `#!/bin/sh\n# ${label.replace(/\s+/g, ' ')}\ncd "$(dirname "$0")"\ncurl -i -X ${request.method} ${shellQuoted(request.url)} \\\n${lines}  --data-binary @${bodyFile}\n`;
}
