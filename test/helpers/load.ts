import type { EventSource } from '../../src/render/event-source.ts';
import { emit } from '../../src/load/engine/emit.ts';
import type { LoadDeps, LoadPlan } from '../../src/load/plan.ts';
import type { SlotListener, SlotSender } from '../../src/http/http1/slot-connection.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { configureWebhook } from '../../src/webhook/configure.ts';
import type { VirtualAlarms } from './virtual-alarms.ts';

/** Small events that say their number and time: `{"data":{"id":"evt_7","at":1769860800250}}`. */
export function numberedEvents(count = Infinity): EventSource {
  return {
    count,
    createRenderer: () => ({
      render: (eventNumber, atMs) => ({
        eventName: 'inquiry.approved',
        eventId: `evt_${eventNumber}`,
        body: Buffer.from(`{"data":{"id":"evt_${eventNumber}","at":${atMs}}}`),
      }),
    }),
  };
}

/** A request as a pretended receiver sees it. */
export interface SeenRequest {
  readonly atMs: number;
  readonly slot: number;
  readonly eventId: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** How many requests with this id came before. */
  readonly before: number;
}

/** What it does: a status, an error's code, or nothing at all; after a time. */
export type PretendedAnswer = { readonly after?: number } & (
  { readonly status: number } | { readonly code: string } | { readonly silence: true }
);

/** A sender without a network, on virtual time. */
export function pretendedReceiver(
  clock: VirtualAlarms,
  react: (request: SeenRequest) => PretendedAnswer = () => ({ status: 200 }),
): SlotSender & { readonly seen: SeenRequest[] } {
  const seen: SeenRequest[] = [];
  let slots = 0;
  return { seen, open: (listener) => connection(slots++, listener) };

  function connection(slot: number, listener: SlotListener) {
    let current = 0;
    return {
      close: () => (current = -1),
      abandon: () => {
        current += 1;
        return 'headers' as const;
      },
      send: (list: readonly (string | undefined)[], body: Buffer) => {
        current += 1;
        const mine = current;
        const text = body.toString();
        const { data } = JSON.parse(text) as { data: { id: string } };
        const headers = Object.fromEntries(
          list.flatMap((name, at) => (at % 2 ? [] : [[name!, list[at + 1]]])),
        );
        const before = seen.filter(({ eventId }) => eventId === data.id).length;
        const request = { atMs: clock.now(), slot, eventId: data.id, body: text, headers, before };
        seen.push(request);
        const answer = react(request);
        if ('silence' in answer) return;
        clock.after(answer.after ?? 0, () => {
          if (current !== mine) return;
          if ('status' in answer) listener.answered(answer.status);
          else listener.failed(answer.code, answer.code);
        });
      },
    };
  }
}

/** A run on virtual time. */
export function emitVirtually(
  clock: VirtualAlarms,
  plan: Partial<LoadPlan>,
  means: Partial<LoadDeps> & Pick<LoadDeps, 'sender'>,
  source = numberedEvents(),
) {
  const { endpoint } = configureWebhook({ url: 'http://127.0.0.1:1/hook' });
  const whole = { concurrency: 2, timeScale: 1, seed: 1, ...plan };
  return clock.run(emit(source, whole, { endpoint, policy: DEFAULT_POLICY, clock, ...means }));
}
