import { applyOverrides, type Override } from '../../event/overrides.ts';
import { checkCustomHeaders } from '../../delivery/request.ts';
import type { JsonObject } from '../../json/node.ts';
import { parseJson } from '../../json/parse.ts';
import { serialise } from '../../json/serialise.ts';
import { ProblemError, REFUSED } from '../api/problem.ts';
import type { ResendBody } from '../schemas/delivery.ts';
import type { KeptDelivery } from './kept-delivery.ts';
import { namesIn } from './new-deliveries.ts';
import { overridesOf } from './overrides-of.ts';
import type { NewDelivery } from './runner.ts';

/** The same bytes, or what the edits make of them. */
export function resentDelivery(
  original: KeptDelivery,
  { body: edits, text }: { readonly body: ResendBody; readonly text: string },
): NewDelivery {
  const { signature, headers } = edits;
  if (headers !== undefined) checkCustomHeaders(headers);
  const body = editedBody(original.body, edits, text);
  const isSame = body.equals(original.body);
  const { eventId, eventName, removed, unmatched } = original;
  const names = isSame ? { eventId, eventName } : namesIn(body);
  return { ...names, body, signature, headers, removed, unmatched, resendOf: original.id };
}

function editedBody(original: Buffer, edits: ResendBody, text: string): Buffer {
  const overrides = overridesOf(edits, text);
  if (edits.body === undefined) return overrides.length === 0 ? original : overridden(original, overrides);
  if (overrides.length === 0) return Buffer.from(edits.body, 'base64');
  throw new ProblemError(REFUSED.invalidBody, "'body' and 'set', 'add' or 'remove': give one of them");
}

function overridden(original: Buffer, overrides: readonly Override[]): Buffer {
  const document = parseJson(original.toString('utf8'));
  return Buffer.from(serialise(applyOverrides(document as JsonObject, overrides)));
}
