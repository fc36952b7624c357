import { checkCustomHeaders } from '../../delivery/request.ts';
import type { Event } from '../../event/event.ts';
import { at, stringAt, type JsonNode } from '../../json/node.ts';
import { parseJson } from '../../json/parse.ts';
import { serialise } from '../../json/serialise.ts';
import type { ComposedEvent } from '../../simulator/compose-next.ts';
import type { EventOptions } from '../../simulator/deps.ts';
import { describeVerdict } from '../../webhook/verdict.ts';
import { ProblemError, REFUSED } from '../api/problem.ts';
import type { NewDeliveryBody } from '../schemas/delivery.ts';
import type { ServerState } from '../server-state.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import { inlineFixture } from './inline-fixture.ts';
import { overridesOf } from './overrides-of.ts';
import type { NewDelivery } from './runner.ts';

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
  return deliveryWith(webhook, { eventId: composed.id, eventName: composed.name }, composed);
}

/** An event as this webhook sends it, or the reason why it does not. */
export function deliveryOf(webhook: ServedWebhook, event: Event): NewDelivery {
  const named = { eventId: event.id, eventName: event.name };
  return deliveryWith(webhook, named, webhook.simulator.compose(event));
}

function deliveryWith(
  { simulator }: ServedWebhook,
  named: Pick<NewDelivery, 'eventId' | 'eventName'>,
  payload: Omit<ComposedEvent, 'id' | 'name'>,
): NewDelivery {
  const skipReason = describeVerdict(simulator.webhook.verdict(named.eventName, payload));
  const { body, bodyAgain, removed, unmatched } = payload;
  return { ...named, body, bodyAgain, removed, unmatched, skipReason };
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
export function namesIn(bytes: Buffer, eventName?: string): { eventId: string; eventName: string } {
  let document: JsonNode | undefined;
  try {
    document = parseJson(bytes.toString('utf8'));
  } catch {
    // Not JSON, which may be the point of sending it.
  }
  const found = stringAt(document, 'data', 'attributes', 'name');
  return { eventId: stringAt(document, 'data', 'id') ?? '', eventName: eventName ?? found ?? '' };
}
