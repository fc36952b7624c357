import type { Event } from '../../event/event.ts';
import { stringAt } from '../../json/node.ts';

/** Every event that happened, the oldest first. */
export class EventLog {
  readonly #events = new Map<string, Event>();
  readonly #ids: string[] = [];
  readonly #placeOf = new Map<string, number>();
  readonly #byObject = new Map<string, string[]>();

  add(event: Event): void {
    this.#events.set(event.id, event);
    this.#placeOf.set(event.id, this.#ids.length);
    this.#ids.push(event.id);
    const objectId = objectIdOf(event);
    const known = this.#byObject.get(objectId);
    if (known === undefined) this.#byObject.set(objectId, [event.id]);
    else known.push(event.id);
  }

  get(id: string): Event | undefined {
    return this.#events.get(id);
  }

  ids(): readonly string[] {
    return this.#ids;
  }

  placeOf(id: string): number | undefined {
    return this.#placeOf.get(id);
  }

  about(objectId: string): readonly string[] {
    return this.#byObject.get(objectId) ?? [];
  }
}

/** The id of the resource that the event is about. */
export function objectIdOf({ document }: Event): string {
  return stringAt(document, 'data', 'attributes', 'payload', 'data', 'id') ?? '';
}
