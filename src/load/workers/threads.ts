import { Worker } from 'node:worker_threads';
import { HookcastError } from '../../errors.ts';
import type { DeliveryPolicy } from '../../persona/policies.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import type { SourceRecipe } from '../../render/create-event-source.ts';
import type { WorkerPool, WorkerProgress } from './run-workers.ts';
import type { LoadPlan } from '../plan.ts';
import type { LoadResult } from '../result.ts';
import type { WebhookExtras } from '../../webhook/configure.ts';
import type { SenderOptions } from '../../http/undici-sender.ts';

/** All that a thread works from. Plain values; it goes from memory to memory, with the secrets in it. */
export interface ThreadTask {
  readonly webhook: WebhookAttributes;
  readonly extras?: WebhookExtras | undefined;
  readonly policy: DeliveryPolicy;
  readonly sending: SenderOptions;
  readonly recipe: SourceRecipe;
}

export type ThreadData = ThreadTask & { readonly plan: LoadPlan };

export type ToThread = { readonly kind: 'begin'; readonly startMs: number } | { readonly kind: 'stop' };

export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: WorkerProgress }
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly message: string; readonly fields: HookcastErrorFields };

/** An error that is sent to another thread arrives without its fields. */
export type HookcastErrorFields = Readonly<Pick<HookcastError, 'name' | 'code'>>;

/** The library's own file beside this one; the bundled command lies in dist/command. */
const BESIDE = import.meta.url.includes('/dist/command/') ? '../library/thread.js' : './thread.js';
const THREAD = new URL(BESIDE, import.meta.url);

/** Workers that are threads of this process. */
export function loadThreads(task: ThreadTask): WorkerPool {
  return (plan) => {
    const workerData: ThreadData = { ...task, plan };
    const worker = new Worker(THREAD, { workerData });
    const post = (message: ToThread) => worker.postMessage(message);
    let progress: WorkerProgress | undefined;
    let tellReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (tellReady = resolve));
    const result = new Promise<LoadResult>((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'ready') tellReady();
        else if (message.kind === 'progress') ({ progress } = message);
        else if (message.kind === 'done') resolve(message.result);
        else reject(errorOf(message));
      });
      worker.on('error', reject);
      // It runs until it is terminated, and nobody listens then.
      worker.on('exit', (code) => reject(new Error(`a thread ended early, with exit code ${code}`)));
    });
    return {
      ...{ ready, result },
      get progress() {
        return progress;
      },
      begin: (startMs) => post({ kind: 'begin', startMs }),
      stop: () => post({ kind: 'stop' }),
      terminate: () => void worker.terminate(),
    };
  };
}

function errorOf({ message, fields }: Extract<FromThread, { kind: 'failed' }>): HookcastError {
  return Object.assign(new HookcastError(fields.code, message), fields);
}
