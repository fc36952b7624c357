import { computed, signal } from '@preact/signals';
import { get } from '../api/client.ts';
import { recording } from '../api/recording.ts';
import type { DeliveryList, Summary } from '../api/records.ts';
import { route } from './route.ts';

const PAGE = 200;

/** All deliveries that the server keeps, by id; a new map after each change. */
const byId = signal<ReadonlyMap<string, Summary>>(new Map());
export const isLoaded = signal(false);
/** Ids that the server found for the text of the search, in bodies too. */
const found = signal<{ readonly text: string; readonly ids: ReadonlySet<string> } | undefined>(undefined);

const newestFirst = computed(() =>
  [...byId.value.values()].sort((one, other) => compareIds(other.id, one.id)),
);

/** By their numbers, `d9` before `d10`; without making numbers of ten thousand of them with each change. */
function compareIds(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : Number(one > other);
}

/** Those that the filters of the address let through. */
export const listed = computed<readonly Summary[]>(() => {
  const { state = '', event = '', webhook = '', run = '', q = '' } = route.value.params;
  const isFound = (one: Summary) => q === '' || hasText(one, q) || foundIds(q).has(one.id);
  return newestFirst.value.filter(
    (one) =>
      (state === '' || one.state === state) &&
      (webhook === '' || one.webhook === webhook) &&
      (event === '' || one.eventName === event) &&
      (run === '' || one.run === run) &&
      isFound(one),
  );
});

export const total = computed(() => byId.value.size);

export const eventNamesSeen = computed(() =>
  [...new Set([...byId.value.values()].map(({ eventName }) => eventName))]
    .filter((name) => name !== '')
    .sort(),
);

export const stateCounts = computed(() => {
  const counts = new Map<string, number>();
  for (const { state } of byId.value.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
});

export const settledCount = computed(() => total.value - (stateCounts.value.get('pending') ?? 0));

export function pendingCountOf(webhookId: string): number {
  const all = [...byId.value.values()];
  return all.filter(({ state, webhook }) => state === 'pending' && webhook === webhookId).length;
}

/** A new object after each change of the delivery. */
export function summaryOf(id: string): Summary | undefined {
  return byId.value.get(id);
}

const NOTHING: ReadonlySet<string> = new Set();

function foundIds(text: string): ReadonlySet<string> {
  return found.value?.text === text ? found.value.ids : NOTHING;
}

function hasText({ id, eventId, eventName, url }: Summary, text: string): boolean {
  return [id, eventId, eventName, url].some((member) => member.includes(text));
}

let pending = new Map<string, Summary>();
let frame: number | undefined;

/** For each load that is under way: what came since it began, and is newer than its pages. */
const newerThanPages = new Set<Map<string, Summary>>();

export function put(summaries: readonly Summary[]): void {
  for (const newer of newerThanPages) for (const summary of summaries) newer.set(summary.id, summary);
  show(summaries);
}

/** Changes are shown once a frame, however many come. */
function show(summaries: readonly Summary[]): void {
  for (const summary of summaries) pending.set(summary.id, summary);
  frame ??= requestAnimationFrame(() => {
    const next = new Map(byId.value);
    for (const [id, summary] of pending) next.set(id, summary);
    byId.value = next;
    pending = new Map();
    frame = undefined;
  });
}

/** Everything anew. */
export async function loadDeliveries(): Promise<void> {
  const all = new Map<string, Summary>();
  const newer = new Map<string, Summary>();
  newerThanPages.add(newer);
  try {
    for await (const page of pages({})) {
      for (const one of page) all.set(one.id, one);
      if (!isLoaded.value) show(page.filter(({ id }) => !newer.has(id)));
    }
  } finally {
    newerThanPages.delete(newer);
  }
  byId.value = new Map([...all, ...newer]);
  isLoaded.value = true;
}

/** After the clock was moved, others are due at another time. */
export async function loadPending(): Promise<void> {
  for await (const page of pages({ state: 'pending' })) put(page);
}

/** Asks the server, which also looks into bodies. */
export async function search(text: string): Promise<void> {
  if (text === '' || recording !== undefined) return;
  const ids = new Set<string>();
  for await (const page of pages({ q: text })) for (const { id } of page) ids.add(id);
  found.value = { text, ids };
}

async function* pages(filter: Readonly<Record<string, string>>): AsyncGenerator<Summary[]> {
  let after: string | null = '';
  while (after !== null) {
    const query = new URLSearchParams({ ...filter, limit: String(PAGE), ...(after === '' ? {} : { after }) });
    const page: DeliveryList = await get<DeliveryList>(`/v1/deliveries?${query.toString()}`);
    yield page.deliveries;
    after = page.after;
  }
}
