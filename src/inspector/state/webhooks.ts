import { computed, signal } from '@preact/signals';
import { get, pathOf, post, change } from '../api/client.ts';
import type { Clock, Webhook, WebhookList } from '../api/records.ts';
import { loadPending, summaryOf } from './deliveries.ts';
import { nowMs } from './now.ts';
import { route } from './route.ts';

/** A clock as it was at a real time: how it went on from there follows from it. */
interface SeenClock {
  readonly clock: Clock;
  readonly seenAtMs: number;
}

export const webhooks = signal<readonly Webhook[]>([]);
export const areWebhooksLoaded = signal(false);
const clocks = signal<ReadonlyMap<string, SeenClock>>(new Map());
/** Chosen by hand in the clock bar. */
export const chosenClock = signal<string | undefined>(undefined);
/** A move of a clock is under way. */
export const isMoving = signal(false);

/** As people call it. */
export function titleOf({ name, url }: Pick<Webhook, 'name' | 'url'>): string {
  return name ?? url;
}

export function webhookOf(id: string): Webhook | undefined {
  return webhooks.value.find((webhook) => webhook.id === id);
}

/** The clock that was chosen, else that of the delivery that is looked at, else the first. */
export const clockWebhook = computed<Webhook | undefined>(() => {
  const { screen, id = '' } = route.value;
  const ofDelivery = screen === 'deliveries' ? summaryOf(id)?.webhook : undefined;
  const wanted = chosenClock.value ?? ofDelivery;
  return (
    webhooks.value.find((webhook) => webhook.id === wanted) ??
    webhooks.value.find(({ alias }) => alias === 'default') ??
    webhooks.value[0]
  );
});

export function clockOf(webhookId: string): Clock | undefined {
  return clocks.value.get(webhookId)?.clock;
}

/** Simulated time at this moment. */
export function clockNowMs(webhookId: string): number | undefined {
  const seen = clocks.value.get(webhookId);
  if (seen === undefined) return undefined;
  const { clock, seenAtMs } = seen;
  const isFlowing = !clock.paused && clock.scale !== 'instant';
  const passedMs = isFlowing ? Math.max(0, nowMs.value - seenAtMs) * Number(clock.scale) : 0;
  return Date.parse(clock.now) + passedMs;
}

export async function loadWebhooks(): Promise<void> {
  const { webhooks: list } = await get<WebhookList>('/v1/webhooks');
  webhooks.value = list;
  const seenAtMs = Date.now();
  clocks.value = new Map(list.map(({ id, clock }) => [id, { clock, seenAtMs }]));
  areWebhooksLoaded.value = true;
}

export function putWebhook(webhook: Webhook): void {
  const others = webhooks.value.filter(({ id }) => id !== webhook.id);
  const isNew = others.length === webhooks.value.length;
  webhooks.value = isNew
    ? [...others, webhook]
    : webhooks.value.map((one) => (one.id === webhook.id ? webhook : one));
  putClock(webhook.id, webhook.clock);
}

export function dropWebhook(id: string): void {
  webhooks.value = webhooks.value.filter((webhook) => webhook.id !== id);
}

function putClock(id: string, clock: Clock): void {
  clocks.value = new Map([...clocks.value, [id, { clock, seenAtMs: Date.now() }]]);
}

export async function loadClock(id: string): Promise<void> {
  putClock(id, await get<Clock>(pathOf`/v1/webhooks/${id}/clock`));
}

export async function changeClock(id: string, changes: { paused?: boolean; scale?: number | string }) {
  putClock(id, await change<Clock>('PATCH', pathOf`/v1/webhooks/${id}/clock`, changes));
  await loadPending();
}

interface Moved {
  readonly moved: boolean;
  readonly clock: Clock;
}

/** To the next attempt or event. False when there is none. */
export async function nextOnClock(id: string): Promise<boolean> {
  return move(async () => {
    const { moved, clock } = await post<Moved>(pathOf`/v1/webhooks/${id}/clock/next`);
    putClock(id, clock);
    return moved;
  });
}

export async function advanceClock(id: string, by: string): Promise<void> {
  await move(async () => {
    const { clock } = await post<Moved>(pathOf`/v1/webhooks/${id}/clock/advance`, { by });
    putClock(id, clock);
  });
}

/** More than any schedule takes; a bound for those that start anew for ever. */
const STEPS_MAX = 20;

/** Until nothing waits on the clock any more. */
export async function advanceToEnd(id: string): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await advanceClock(id, '7d');
    if (clockOf(id)?.nextInMs === null) return;
  }
}

async function move<Result>(work: () => Promise<Result>): Promise<Result> {
  isMoving.value = true;
  try {
    return await work();
  } finally {
    isMoving.value = false;
    await loadPending();
  }
}
