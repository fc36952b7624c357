import { checkCustomHeaders } from '../../delivery/request.ts';
import type { Event } from '../../event/build.ts';
import { at, stringAt, fromValue, type JsonNode, type JsonObject, type JsonValue } from '../../json/node.ts';
import { parseJson, serialise } from '../../json/text.ts';
import type { EventOptions } from '../../simulator/deps.ts';
import { ProblemError, REFUSED } from '../api/problem.ts';
import type { NewDeliveryBody, ResendBody } from '../schemas/delivery.ts';
import type { ServerState } from '../server-state.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import { inlineFixture } from './inline-fixture.ts';
import { deliveryWith } from './publish.ts';
import type { NewDelivery } from './runner.ts';
import { applyOverrides, type Override } from '../../event/overrides.ts';
import type { KeptDelivery } from './kept-delivery.ts';

/** A request, and who makes its event, where that is not the webhook's own simulator. */
interface Asked {
  readonly body: NewDeliveryBody;
  readonly text: string;
  readonly simulator?: Pick<ServedWebhook['simulator'], 'composeNext'> | undefined;
}

/** What a request asks for: a delivery per event, or one of bytes as they are. */
export async function newDeliveries(
  webhook: ServedWebhook,
  { body, text, simulator }: Asked,
  state: ServerState,
): Promise<NewDelivery[]> {
  const { signature, headers } = body;
  if (headers !== undefined) checkCustomHeaders(headers);
  const how = { signature, headers };
  if (body.body !== undefined) return [{ ...rawDelivery(webhook, body), ...how }];
  if (namesOf(body).length === 1)
    return [{ ...(await nextDelivery(webhook, { body, text, simulator }, state)), ...how }];
  const events = await eventsOf(webhook, { body, text }, state);
  return events.map((event) => ({ ...deliveryOf(webhook, event), ...how }));
}

async function nextDelivery(
  webhook: ServedWebhook,
  { simulator = webhook.simulator, ...given }: Asked,
  state: ServerState,
): Promise<NewDelivery> {
  const { name, options } = await oneEvent(given, state);
  const composed = await simulator.composeNext(name, options);
  return deliveryWith(webhook, composed, composed);
}

/** An event as this webhook sends it, or the reason why it does not. */
export function deliveryOf(webhook: ServedWebhook, event: Event): NewDelivery {
  return deliveryWith(webhook, event, webhook.simulator.compose(event));
}

/** Builds the events, on one time line. */
export async function eventsOf(
  { simulator }: ServedWebhook,
  { body, text }: { readonly body: NewDeliveryBody; readonly text: string },
  state: ServerState,
): Promise<Event[]> {
  const names = namesOf(body);
  if (names.length > 1) {
    refuseForSeveral(body);
    return simulator.clock.during(() => simulator.buildAll(names, eventOptions(body, text)));
  }
  const { name, options } = await oneEvent({ body, text }, state);
  return [await simulator.build(name, options)];
}

async function oneEvent(
  { body, text }: { readonly body: NewDeliveryBody; readonly text: string },
  state: ServerState,
): Promise<{ name: string; options: EventOptions }> {
  const name = namesOf(body)[0] ?? '';
  const fixture = await (body.fixture === undefined
    ? state.fixture(name)
    : inlineFixture(name, serialise(at(parseJson(text), 'fixture') as JsonNode), state.library));
  return { name, options: { ...eventOptions(body, text), fixture } };
}

function namesOf({ event, events }: NewDeliveryBody): readonly string[] {
  if (event !== undefined && events === undefined) return [event];
  if (events !== undefined && event === undefined) return events;
  const detail =
    event === undefined
      ? "nothing to send: give 'event', 'events' or 'body'"
      : "'event' and 'events': give one of them";
  throw new ProblemError(REFUSED.invalidBody, detail, { where: 'body' });
}

/** What is about one event only. */
function refuseForSeveral(body: NewDeliveryBody): void {
  for (const name of ['fixture', 'set', 'add', 'remove', 'id'] as const) {
    if (body[name] === undefined) continue;
    const detail = `'${name}' is about one event: give 'event' in place of 'events'`;
    throw new ProblemError(REFUSED.invalidBody, detail, { where: `body.${name}` });
  }
}

function eventOptions(body: NewDeliveryBody, text: string): EventOptions {
  const { referenceId, id, at: time } = body;
  return {
    ...(referenceId === undefined ? {} : { referenceId }),
    ...(id === undefined ? {} : { id }),
    ...(time === undefined ? {} : { at: new Date(time) }),
    overrides: overridesOf(body, text),
  };
}

const NOT_WITH_BODY = ['events', 'fixture', 'set', 'add', 'remove', 'referenceId', 'at', 'id'] as const;

function rawDelivery(webhook: ServedWebhook, body: NewDeliveryBody): NewDelivery {
  for (const name of NOT_WITH_BODY) {
    if (body[name] === undefined) continue;
    const detail = `'${name}' and 'body': the bytes of 'body' are sent as they are`;
    throw new ProblemError(REFUSED.invalidBody, detail, { where: `body.${name}` });
  }
  const bytes = Buffer.from(body.body ?? '', 'base64');
  const { status } = webhook;
  const skipReason = status === 'enabled' ? undefined : `the webhook's status is ${status}`;
  return { ...namesIn(bytes, body.event), body: bytes, skipReason };
}

/** The event's id and name, where the bytes are those of an event. */
function namesIn(bytes: Buffer, eventName?: string): { eventId: string; eventName: string } {
  let document: JsonNode | undefined;
  try {
    document = parseJson(bytes.toString('utf8'));
  } catch {
    // Not JSON, which may be the point of sending it.
  }
  const found = stringAt(document, 'data', 'attributes', 'name');
  return { eventId: stringAt(document, 'data', 'id') ?? '', eventName: eventName ?? found ?? '' };
}

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

interface Edits {
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  readonly add?: Readonly<Record<string, unknown>> | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** The changes that a request asks for. Numbers keep the spelling that they have in its text. */
export function overridesOf({ set = {}, add = {}, remove = [] }: Edits, text: string): Override[] {
  const document = Object.keys({ ...set, ...add }).length === 0 ? undefined : parseJson(text);
  const valued = (kind: 'set' | 'add', values: Readonly<Record<string, unknown>>) =>
    Object.entries(values).map(([path, value]) => ({
      ...{ kind, path },
      value: at(document, kind, path) ?? fromValue(value as JsonValue),
    }));
  const removals = remove.map((path) => ({ kind: 'remove' as const, path }));
  return [...valued('set', set), ...valued('add', add), ...removals];
}
