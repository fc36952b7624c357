import { ProblemError, REFUSED } from '../api/problem.ts';
import { route, BYTES, json } from '../api/route.ts';
import type { KeptAttempt, KeptDelivery } from '../deliveries/kept-delivery.ts';
import { requestBytes, responseBytes } from '../deliveries/wire-bytes.ts';
import { attemptDetailSchema } from '../schemas/delivery.ts';
import type { ServerState } from '../server-state.ts';
import { attemptDetailView, responseOf, sha256 } from '../views/delivery-view.ts';
import { deliveryOf } from './deliveries.ts';

const ATTEMPT = '/v1/deliveries/{delivery}/attempts/{attempt}';

export const ATTEMPT_ROUTES = [
  route({
    ...{ method: 'GET', path: ATTEMPT, name: 'getAttempt' },
    summary: "Show an attempt with its bodies; 'latest' names the newest",
    answers: { 200: json(attemptDetailSchema, 'The attempt.') },
    handle: ({ params }, state) => {
      const { delivery, attempt } = attemptOf(params, state);
      return { status: 200, json: attemptDetailView(delivery, attempt) };
    },
  }),
  route({
    ...{ method: 'GET', path: `${ATTEMPT}/request`, name: 'getAttemptRequest' },
    summary: 'The request, byte for byte',
    answers: { 200: BYTES },
    handle: ({ params }, state) => {
      const { delivery, attempt } = attemptOf(params, state);
      return bytes(requestBytes(delivery, attempt), `${delivery.id}-${attempt.attempt}-request.http`);
    },
  }),
  route({
    ...{ method: 'GET', path: `${ATTEMPT}/response`, name: 'getAttemptResponse' },
    summary: 'The answer of the receiver',
    answers: { 200: BYTES },
    handle: ({ params }, state) => {
      const { delivery, attempt } = attemptOf(params, state);
      const response = responseOf(attempt.outcome);
      if (response === undefined) throw noResponse(delivery, attempt);
      return bytes(responseBytes(response), `${delivery.id}-${attempt.attempt}-response.http`);
    },
  }),
  route({
    ...{ method: 'GET', path: `${ATTEMPT}/body`, name: 'getAttemptBody' },
    summary: 'The body that was signed and sent, byte for byte',
    answers: { 200: BYTES },
    handle: ({ params }, state) => {
      const { delivery, attempt } = attemptOf(params, state);
      return bytes(delivery.body, `${delivery.id}-${attempt.attempt}-body.json`);
    },
  }),
];

function attemptOf(params: Readonly<Record<string, string>>, state: ServerState) {
  const delivery = deliveryOf(params, state);
  const wanted = params['attempt'] ?? '';
  const attempt =
    wanted === 'latest'
      ? delivery.attempts.at(-1)
      : delivery.attempts.find((candidate) => String(candidate.attempt) === wanted);
  if (attempt !== undefined) return { delivery, attempt };
  const made = delivery.attempts.length === 0 ? 'none yet' : `1 to ${delivery.attempts.length}`;
  throw new ProblemError(
    REFUSED.notFound,
    `the delivery ${delivery.id} has no attempt '${wanted}'; there are: ${made}`,
  );
}

function noResponse({ id }: KeptDelivery, { attempt, outcome }: KeptAttempt): ProblemError {
  const why = outcome === undefined ? 'it is under way' : outcome.kind;
  return new ProblemError(REFUSED.notFound, `attempt ${attempt} of ${id} has no answer: ${why}`);
}

/** As a file to be saved: a browser must not show a body of unknown origin as a page of ours. */
function bytes(content: Buffer, fileName: string): Response {
  return new Response(new Uint8Array(content), {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${fileName}"`,
      'content-length': String(content.byteLength),
      'hookcast-sha256': sha256(content),
      'cache-control': 'no-store',
    },
  });
}
