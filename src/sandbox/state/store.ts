import { at, stringAt, type JsonNode, type JsonObject } from '../../json/node.ts';
import type { Reference } from './edit.ts';

/** The resources of one kind, in the order of their creation. */
interface Shelf {
  readonly ids: string[];
  readonly placeOf: Map<string, number>;
  /** By `reference-id`, so that asking for one person's is as quick with many others around. */
  readonly byReference: Map<string, string[]>;
}

/** Every resource that the sandbox holds: documents of the newest API version, with kebab keys. */
export class Store {
  readonly #documents = new Map<string, JsonObject>();
  readonly #shelves = new Map<string, Shelf>();
  /** What resources were before, and until when; kept only where it is asked for. */
  readonly #former = new Map<string, { readonly document: JsonObject; readonly untilMs: number }[]>();
  readonly #nowMs: (() => number) | undefined;

  /** @param nowMs - given, former states are kept by the time at which they ended */
  constructor(nowMs?: () => number) {
    this.#nowMs = nowMs;
  }

  get(id: string): JsonObject | undefined {
    return this.#documents.get(id);
  }

  /** Adds a resource, or replaces the one of that id. */
  put(document: JsonObject): JsonObject {
    const { id, type } = referenceTo(document);
    const shelf = this.#shelf(familyOf(type));
    const before = this.#documents.get(id);
    if (before === undefined) {
      shelf.placeOf.set(id, shelf.ids.length);
      shelf.ids.push(id);
    }
    this.#index(shelf, before, document);
    if (before !== undefined) this.#remember(id, before);
    this.#documents.set(id, document);
    return document;
  }

  /** The resource as it was at a time, if that was another than now. */
  formerly(id: string, atMs: number): JsonObject | undefined {
    return this.#former.get(id)?.find(({ untilMs }) => untilMs > atMs)?.document;
  }

  #remember(id: string, document: JsonObject): void {
    if (this.#nowMs === undefined) return;
    const former = this.#former.get(id) ?? [];
    former.push({ document, untilMs: this.#nowMs() });
    this.#former.set(id, former);
  }

  /** Ids of a kind (`inquiry`), the oldest first. */
  ids(family: string): readonly string[] {
    return this.#shelves.get(family)?.ids ?? [];
  }

  placeOf(family: string, id: string): number | undefined {
    return this.#shelves.get(family)?.placeOf.get(id);
  }

  /** Ids of a kind with that `reference-id`, the oldest first. */
  withReference(family: string, referenceId: string): readonly string[] {
    return this.#shelves.get(family)?.byReference.get(referenceId) ?? [];
  }

  /** The same for any of several. */
  withReferences(family: string, referenceIds: readonly string[]): readonly string[] {
    const place = (id: string) => this.placeOf(family, id) ?? 0;
    const ids = [...new Set(referenceIds)].flatMap((one) => this.withReference(family, one));
    return ids.sort((a, b) => place(a) - place(b));
  }

  all(family: string): JsonObject[] {
    return this.ids(family).flatMap((id) => this.#documents.get(id) ?? []);
  }

  /** The resources that this one's relationships point to, as far as the store has them. */
  relatedTo(document: JsonObject): JsonObject[] {
    const relationships = at(document, 'relationships');
    if (relationships?.kind !== 'object') return [];
    return relationships.members.flatMap(({ value }) => this.#resolve(at(value, 'data')));
  }

  /** What one relationship points to. */
  relation(document: JsonObject, name: string): JsonObject[] {
    return this.#resolve(at(document, 'relationships', name, 'data'));
  }

  #resolve(data: JsonNode | undefined): JsonObject[] {
    if (data?.kind === 'array') return data.items.flatMap((item) => this.#resolve(item));
    const found = this.#documents.get(stringAt(data, 'id') ?? '');
    return found === undefined ? [] : [found];
  }

  #shelf(family: string): Shelf {
    const known = this.#shelves.get(family);
    if (known !== undefined) return known;
    const shelf: Shelf = { ids: [], placeOf: new Map(), byReference: new Map() };
    this.#shelves.set(family, shelf);
    return shelf;
  }

  #index({ byReference, placeOf }: Shelf, before: JsonObject | undefined, after: JsonObject): void {
    const [old, now] = [before, after].map((document) => stringAt(document, 'attributes', 'reference-id'));
    if (before !== undefined && old === now) return;
    const { id } = referenceTo(after);
    if (old !== undefined)
      byReference.set(
        old,
        (byReference.get(old) ?? []).filter((other) => other !== id),
      );
    if (now === undefined) return;
    const place = (other: string) => placeOf.get(other) ?? 0;
    const ids = [...(byReference.get(now) ?? []), id];
    byReference.set(now, before === undefined ? ids : ids.sort((a, b) => place(a) - place(b)));
  }
}

export function referenceTo(document: JsonObject): Reference {
  return { type: stringAt(document, 'type') ?? '', id: stringAt(document, 'id') ?? '' };
}

/** The id that a relationship to one resource points to. */
export function relatedId(resource: JsonObject | undefined, name: string): string | undefined {
  return stringAt(resource, 'relationships', name, 'data', 'id');
}

export function statusOf(resource: JsonObject): string {
  return stringAt(resource, 'attributes', 'status') ?? '';
}

/** `verification/selfie` → `verification`. */
export function familyOf(type: string): string {
  return type.split('/')[0] ?? type;
}
