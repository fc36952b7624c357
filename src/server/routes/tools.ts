import * as z from 'zod';
import { attemptCount } from '../../delivery/schedule.ts';
import { bodyText } from '../../recording/body-text.ts';
import { USUAL_TOLERANCE_SECONDS } from '../../persona/contract.ts';
import { explainSignature } from '../../signing/explain-signature.ts';
import { parseSignatureHeader, type SignatureSet } from '../../signing/parse-header.ts';
import { Secret, sign, fingerprintOf } from '../../signing/sign.ts';
import { verify, type Verification } from '../../signing/verify.ts';
import { curlLine } from '../../text/curl-line.ts';
import { ProblemError, REFUSED } from '../api/problem.ts';
import { route, json } from '../api/route.ts';
import { newDeliveries } from '../deliveries/new-deliveries.ts';
import { sendCommand } from '../views/send-command.ts';
import { requestFor } from '../../delivery/signature-mode.ts';
import { newDeliverySchema } from '../schemas/delivery.ts';
import { previewSchema, resetSchema, verificationSchema, verifySchema } from '../schemas/tools.ts';
import { sha256 } from '../views/delivery-view.ts';
import { visibleHeaders } from '../views/visible-headers.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import { applyBlocklist, parseBlocklist } from '../../payload/blocklist/apply.ts';

export const TOOL_ROUTES = [
  route({
    ...{ method: 'POST', path: '/v1/preview', name: 'previewDelivery', isRead: true },
    summary: 'What would be sent, or why nothing would; sends nothing',
    body: newDeliverySchema,
    answers: { 200: json(previewSchema, 'The request of the first attempt.') },
    handle: async ({ body, text }, state) => {
      if (body.events !== undefined) {
        const detail = "a preview is of one event: give 'event' in place of 'events'";
        throw new ProblemError(REFUSED.invalidBody, detail, { where: 'body.events' });
      }
      const webhook = state.webhooks.get(body.webhook ?? 'default');
      const [delivery] = await newDeliveries(
        webhook,
        { body, text, simulator: webhook.simulator.rehearsal() },
        state,
      );
      if (delivery === undefined) throw new Error('no event was built');
      const command = sendCommand({ body, text }, delivery.eventName, webhook);
      return { status: 200, json: { ...preview(webhook, delivery, state.clock.now()), command } };
    },
  }),
  route({
    ...{ method: 'POST', path: '/v1/verify', name: 'verifySignature', isRead: true },
    summary: 'Check a signature header, and name the mistake of one that does not match',
    body: verifySchema,
    answers: { 200: json(verificationSchema, 'The verdict.') },
    handle: ({ body }, { webhooks }) => {
      const secrets =
        body.secret === undefined
          ? webhooks
              .get(body.webhook ?? 'default')
              .simulator.webhook.endpoint.secrets.map(({ secret }) => secret)
          : [new Secret(body.secret)];
      const bytes = bytesOf(body);
      const nowSeconds = body.at === undefined ? undefined : Date.parse(body.at) / 1000;
      const toleranceSeconds = body.toleranceSeconds ?? USUAL_TOLERANCE_SECONDS;
      const found = verify(bytes, body.signature, { secrets, nowSeconds, toleranceSeconds });
      return { status: 200, json: verificationView(found, { header: body.signature, bytes, secrets }) };
    },
  }),
  route({
    ...{ method: 'POST', path: '/v1/reset', name: 'reset' },
    summary: 'A clean slate: webhooks and inquiries of the start, no deliveries, no runs',
    answers: { 200: json(resetSchema, 'Done.') },
    handle: (_, state) => {
      state.reset();
      return { status: 200, json: { webhooks: state.webhooks.list().length } };
    },
  }),
];

type Delivery = Awaited<ReturnType<typeof newDeliveries>>[number];

function preview(webhook: ServedWebhook, delivery: Delivery, nowMs: number) {
  const {
    eventId,
    eventName,
    body,
    skipReason,
    signature: mode = 'valid',
    removed = [],
    unmatched = [],
  } = delivery;
  const { endpoint } = webhook.simulator.webhook;
  const attemptsLeft = attemptCount(webhook.policy) - 1;
  const simulatedAtMs = nowMs + webhook.clock.movedMs;
  const position = { attempt: 1, attemptsLeft, nowMs, simulatedElapsedMs: 0, simulatedAtMs };
  const customHeaders = { ...endpoint.customHeaders, ...delivery.headers };
  const { headers } = requestFor({ ...endpoint, customHeaders }, { body, mode }, position);
  const { text, encoding } = bodyText(body);
  const url = endpoint.url.href;
  return {
    event: { id: eventId, name: eventName },
    webhook: webhook.id,
    url,
    wouldSend: skipReason === undefined,
    reason: skipReason ?? null,
    headers: visibleHeaders(headers),
    body: text,
    ...(encoding === undefined ? {} : { bodyEncoding: encoding }),
    bodyBytes: body.byteLength,
    sha256: sha256(body),
    removed,
    unmatched,
    curl: curlLine(url, visibleHeaders(headers)),
  };
}

function bytesOf({ body, text }: { body?: string | undefined; text?: string | undefined }): Buffer {
  if (body !== undefined && text === undefined) return Buffer.from(body, 'base64');
  if (text !== undefined && body === undefined) return Buffer.from(text);
  throw new ProblemError(REFUSED.invalidBody, "give the body once: 'text', or 'body' in base64", {
    where: 'body',
  });
}

function verificationView(
  found: Verification,
  by: { readonly header: string; readonly bytes: Buffer; readonly secrets: readonly Secret[] },
) {
  const { bytes, secrets } = by;
  const parsed = parseSignatureHeader(by.header);
  const isMismatch = found.kind === 'mismatch';
  const mistake = isMismatch ? explainSignature({ body: bytes, sets: found.sets, secrets }) : null;
  return {
    verdict: found.kind,
    detail: mistake?.text ?? detailOf(found),
    mistake,
    ageSeconds: 'ageSeconds' in found ? found.ageSeconds : null,
    fingerprints: secrets.map(fingerprintOf),
    sets: parsed.kind === 'sets' ? parsed.sets.map((set) => ({ ...set, fingerprint: makerOf(set, by) })) : [],
  };
}

/** The fingerprint of the secret that a set was made with. */
function makerOf(
  { t, v1 }: SignatureSet,
  { bytes, secrets }: { bytes: Buffer; secrets: readonly Secret[] },
): string | null {
  const maker = secrets.find((secret) => sign(bytes, [secret], Number(t)) === `t=${t},v1=${v1}`);
  return maker === undefined ? null : fingerprintOf(maker);
}

function detailOf(found: Verification): string {
  switch (found.kind) {
    case 'valid':
      return 'the signature is right';
    case 'stale':
      return `the signature is right, but t is ${found.ageSeconds} s away from the time given`;
    case 'mismatch':
      return 'no set of the header was made from these bytes with these secrets';
    case 'malformed':
      return found.reason;
  }
}

const bodySchema = z
  .strictObject({
    entries: z.array(z.string().max(1_000)).max(1_000),
    event: z.string().min(1).max(200).optional().meta({ description: 'Default: inquiry.approved.' }),
    webhook: z.string().min(1).max(200).optional().meta({ description: 'Whose ids. Default: default.' }),
  })
  .meta({ id: 'BlocklistToPreview' });

const answerSchema = z
  .object({
    event: z.string(),
    removed: z.array(z.object({ path: z.string(), entry: z.string() })),
    unmatched: z.array(z.string()),
  })
  .meta({ id: 'BlocklistPreview' });

const SAMPLE_EVENT = 'inquiry.approved';

export const BLOCKLIST_ROUTES = [
  route({
    ...{ method: 'POST', path: '/v1/blocklist-preview', name: 'previewBlocklist', isRead: true },
    summary: 'What a blocklist would take out of an event; changes nothing',
    body: bodySchema,
    answers: { 200: json(answerSchema, 'The members, and the entries that matched nothing.') },
    handle: async ({ body }, state) => {
      const blocklist = parseBlocklist(body.entries);
      const { simulator } = state.webhooks.get(body.webhook ?? 'default');
      const name = body.event ?? SAMPLE_EVENT;
      const event = await simulator.rehearsal().build(name, { fixture: await state.fixture(name) });
      const { removed, unmatched } = applyBlocklist(event.document, blocklist);
      return { status: 200, json: { event: name, removed: [...removed], unmatched: [...unmatched] } };
    },
  }),
];
