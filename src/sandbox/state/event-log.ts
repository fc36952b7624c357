import type { Event } from '../../event/build.ts';
import { fromValue, object, type JsonNode, type JsonObject, type JsonValue } from '../../json/node.ts';
import { referenceTo } from './store.ts';

/** An event as it is kept: without the resources around it, which only webhooks are sent. */
export interface Happening {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  /** What the event is about, as it was then. */
  readonly resource: JsonObject;
  readonly context: JsonValue | undefined;
}

/** Every event that happened, the oldest first. */
export class EventLog {
  readonly #events = new Map<string, Happening>();
  readonly #ids: string[] = [];
  readonly #placeOf = new Map<string, number>();
  readonly #byObject = new Map<string, string[]>();

  add(event: Happening): void {
    this.#events.set(event.id, event);
    this.#placeOf.set(event.id, this.#ids.length);
    this.#ids.push(event.id);
    const { id } = referenceTo(event.resource);
    const known = this.#byObject.get(id);
    if (known === undefined) this.#byObject.set(id, [event.id]);
    else known.push(event.id);
  }

  get(id: string): Happening | undefined {
    return this.#events.get(id);
  }

  ids(): readonly string[] {
    return this.#ids;
  }

  placeOf(id: string): number | undefined {
    return this.#placeOf.get(id);
  }

  /** Ids of the events about any of these objects, the oldest first. */
  about(objectIds: readonly string[]): readonly string[] {
    const [first = ''] = objectIds;
    if (objectIds.length === 1) return this.#byObject.get(first) ?? [];
    const ids = [...new Set(objectIds)].flatMap((id) => this.#byObject.get(id) ?? []);
    return ids.sort((a, b) => (this.#placeOf.get(a) ?? 0) - (this.#placeOf.get(b) ?? 0));
  }
}

/** The event as webhooks get it. */
export function eventOf(happening: Happening, included: JsonNode): Event {
  const { id, name, createdAtMs, context } = happening;
  const told = context === undefined ? [] : [{ key: 'context', value: fromValue(context) }];
  const data = resourceOf(happening, { payload: [{ key: 'included', value: included }], context: told });
  return { id, name, createdAtMs, document: object([{ key: 'data', value: data }]) };
}

/** OPENAPI schema event, as GET answers it: its payload has no `included`, and `context` is always there. */
export function eventResource(happening: Happening): JsonObject {
  const { context = {} } = happening;
  return resourceOf(happening, { payload: [], contextLast: [{ key: 'context', value: fromValue(context) }] });
}

type Members = JsonObject['members'];

interface Parts {
  /** Beside `data` in the payload. */
  readonly payload: Members;
  readonly context?: Members;
  readonly contextLast?: Members;
}

function resourceOf({ id, name, createdAtMs, resource }: Happening, parts: Parts): JsonObject {
  const { payload, context = [], contextLast = [] } = parts;
  const attributes = object([
    { key: 'name', value: fromValue(name) },
    { key: 'payload', value: object([{ key: 'data', value: resource }, ...payload]) },
    ...context,
    { key: 'created-at', value: fromValue(new Date(createdAtMs).toISOString()) },
    ...contextLast,
  ]);
  return object([
    { key: 'type', value: fromValue('event') },
    { key: 'id', value: fromValue(id) },
    { key: 'attributes', value: attributes },
  ]);
}
