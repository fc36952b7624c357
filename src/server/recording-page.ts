import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { KeptDelivery } from './deliveries/kept-delivery.ts';
import { attemptDetailView, deliveryView, summaryView, type ViewContext } from './views/delivery-view.ts';
import { webhookView } from './views/webhook-view.ts';

/** Beside the command and the library, in dist. */
const FOLDER = new URL('../inspector/', import.meta.url);

/**
 * The inspector over what was delivered, as one file that needs no server: the answers that it would ask for are in
 * it. Credentials are hidden, as in every answer.
 * @param deliveries - the newest first
 * @throws {Error} where the pages were not built
 */
export function recordingPage(deliveries: readonly KeptDelivery[], context: ViewContext): string {
  const [style, script] = [inspectorFile('app.css'), asInline(inspectorFile('app.js'))];
  const exportedAt = new Date(context.clock.now()).toISOString();
  const recording = { exportedAt, answers: answersFor(deliveries, context) };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>hookcast deliveries</title>
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<script type="application/json" id="recording">${asData(recording)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** By the paths that the page asks for (src/inspector). */
function answersFor(deliveries: readonly KeptDelivery[], context: ViewContext): Record<string, unknown> {
  const answers: Record<string, unknown> = {
    '/v1/webhooks': {
      webhooks: context.webhooks.list().map((webhook) => webhookView(webhook, context.webhooks)),
    },
    '/v1/deliveries?limit=200': {
      deliveries: deliveries.map((delivery) => summaryView(delivery, context)),
      after: null,
    },
  };
  for (const delivery of deliveries) {
    const path = `/v1/deliveries/${delivery.id}`;
    answers[path] = deliveryView(delivery, context);
    for (const attempt of delivery.attempts) {
      answers[`${path}/attempts/${attempt.attempt}`] = attemptDetailView(delivery, attempt);
    }
  }
  return answers;
}

function policyFor(style: string, script: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    ...['img-src data:', "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"],
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Receivers' text is in it: without `<` nothing in it can end the element that it is in. */
function asData(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function asInline(script: string): string {
  return script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}

function inspectorFile(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}
