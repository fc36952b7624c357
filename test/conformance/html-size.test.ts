import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { FILE_STYLE } from '../../src/cli/files/report-files.ts';
import { conform } from '../../src/conformance/conform.ts';
import { REPORT_FORMATS } from '../../src/report/conformance/index.ts';
import { MODEL_SECRET, ModelReceiver, type Notice } from '../mutants/model-receiver.ts';

/** Believes everybody, does everything twice, lets the last one win, and answers with all that it knows. */
class Wretched extends ModelReceiver {
  override isGenuine(body: Buffer, request: IncomingMessage) {
    if (request.headers['persona-signature'] === undefined) throw new Error('no header');
    return body.length > 0;
  }

  override isSeen() {
    return false;
  }

  override update({ objectId, status = '', createdAt }: Notice) {
    this.store.objects.set(objectId, { status, createdAt });
  }

  override accept(response: ServerResponse, body: Buffer) {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  }

  override fail(response: ServerResponse, error: unknown) {
    const page = `<pre>${(error as Error).stack ?? ''}</pre>`.repeat(100);
    response.writeHead(500, { 'Content-Type': 'text/html' }).end(page);
  }
}

test(
  'the HTML of a probe run in which nearly everything fails stays under 1 MB',
  { timeout: 600_000 },
  async () => {
    await using receiver = await new Wretched().start();
    const patience = { pollMs: 1, quietReadings: 1, deadlineMs: 1_000, effectMs: 20 };
    const report = await conform({
      ...{ receivers: [{ name: 'wretched', url: receiver.url }], secret: MODEL_SECRET, pauseScale: 100 },
      ...{ seed: 7, profile: 'probe', oracle: receiver.oracle, patience },
    });
    expect(report.receivers[0]!.summary.fail).toBeGreaterThan(30);
    const bytes = Buffer.byteLength(REPORT_FORMATS.html.render(report, FILE_STYLE));
    expect(bytes).toBeGreaterThan(200_000);
    expect(bytes).toBeLessThan(1_000_000);
  },
);
