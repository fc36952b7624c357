import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { HookcastError } from '../../errors.ts';
import { createEventSource } from '../../render/create-event-source.ts';
import { emit } from '../engine/emit.ts';
import type { EventSource } from '../../render/event-source.ts';
import type { LoadDeps } from '../plan.ts';
import { configureWebhook } from '../../webhook/configure.ts';
import { systemAlarmClock } from '../engine/alarm-clock.ts';
import { bundledFixtures } from '../../fixture/files.ts';
import type { FromThread, ThreadData, ToThread } from './threads.ts';
import { http1SlotSender } from '../../http/http1/slot-sender.ts';

const PROGRESS_MS = 250;

if (parentPort !== null) void work(parentPort, workerData as ThreadData);

/** All that a thread does. A bug ends it, and Node tells the other side with its stack. */
async function work(port: MessagePort, data: ThreadData): Promise<void> {
  const post = (message: FromThread) => port.postMessage(message);
  const orders = takeOrders(port);
  try {
    const { source, means } = await prepare(data);
    post({ kind: 'ready' });
    const plan = { ...data.plan, startMs: await orders.startMs };
    const teller = progressTeller(post);
    const result = await emit(source, plan, { ...means, signal: orders.signal, onStart: teller.onStart });
    teller.tell();
    post({ kind: 'done', result });
  } catch (error) {
    if (!(error instanceof HookcastError)) throw error;
    post({ kind: 'failed', message: error.message, fields: Object.assign({}, error) });
  }
}

function takeOrders(port: MessagePort): { startMs: Promise<number>; signal: AbortSignal } {
  const stop = new AbortController();
  const startMs = new Promise<number>((resolve) => {
    port.on('message', (order: ToThread) => {
      if (order.kind === 'begin') resolve(order.startMs);
      else stop.abort();
    });
  });
  return { startMs, signal: stop.signal };
}

async function prepare({ webhook: attributes, extras, policy, sending, recipe }: ThreadData): Promise<{
  source: EventSource;
  means: LoadDeps;
}> {
  const webhook = configureWebhook(attributes, extras);
  const { endpoint } = webhook;
  const source = await createEventSource(recipe, { library: bundledFixtures(), webhook });
  const sender = http1SlotSender(endpoint.url, sending);
  return { source, means: { endpoint, policy, sender, clock: systemAlarmClock } };
}

interface ProgressTeller {
  readonly onStart: NonNullable<LoadDeps['onStart']>;
  readonly tell: () => void;
}

/** Tells how far the run is: every now and then, and when it is asked to. */
function progressTeller(post: (message: FromThread) => void): ProgressTeller {
  let tell = () => {};
  return {
    tell: () => tell(),
    onStart: (progress, latency) => {
      tell = () => post({ kind: 'progress', progress: { ...progress(), latency: latency() } });
      setInterval(tell, PROGRESS_MS).unref();
    },
  };
}
