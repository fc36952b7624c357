import { workOnQueue } from '../../queue/bullmq/worker.ts';
import { diskFiles } from '../../fixture/files.ts';
import { undiciSender } from '../../http/undici-sender.ts';
import type { WorkSummary } from '../../queue/delivery-queue.ts';
import { keyringOf, type Keyring } from '../../queue/keyring.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../signing/sign.ts';
import { loadWebhook } from '../../webhook/load.ts';
import { EXIT, type CommandContext } from '../context.ts';
import { commandOf, flagsOf, GROUP, reworded, type ValuesOf } from '../flags/flag.ts';
import { queueOptions, REDIS } from '../flags/redis.ts';
import { PACE, readCa, SENDING, SIGNING, TARGET } from '../flags/run.ts';
import type { SendingFlags } from '../steps/simulators.ts';
import { workerView } from '../views/worker-view.ts';

const EXAMPLES = `
Examples:
  $ hookcast worker --redis redis://127.0.0.1:6379
  $ hookcast worker --redis redis://127.0.0.1:6379 --secret wbhsec_... --concurrency 50
  $ hookcast worker --redis redis://127.0.0.1:6379 --webhook persona-webhook.json --until-empty
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks --redis redis://127.0.0.1:6379

Needs the packages bullmq and ioredis. Secrets are not in the queue: give the worker those that the
deliveries were enqueued with. After Ctrl-C it takes no new deliveries and waits up to 5 s for those under way.

Exit codes: 0 the queue is empty (--until-empty), 1 a delivery failed or was left over, 2 wrong usage,
3 no Redis, 130 interrupted.
`;

const SAFE =
  'What is in the queue is safe if Redis keeps it. Attempts under way continue; one that cannot be recorded is repeated under the same number.';

const WORKER = {
  redis: reworded(REDIS.redis, { description: 'redis://host:port, or rediss:// for TLS', mandatory: true }),
  queue: REDIS.queue,
  redisPatience: REDIS.redisPatience,
  ...flagsOf(GROUP.journal, {
    untilEmpty: {
      spelling: '--until-empty',
      description: 'end when nothing is left in the queue, retries included; for CI',
    },
  }),
  concurrency: reworded(PACE.concurrency, 'how many attempts may be under way at a time (default: 10)'),
  secret: reworded(SIGNING.secret, 'webhook secret (or PERSONA_WEBHOOK_SECRET); repeatable'),
  webhook: reworded(TARGET.webhook, 'a webhook file with secrets and custom headers; repeatable'),
  header: reworded(SIGNING.header, 'a custom header that looks like a secret; repeatable'),
};
type Flags = Pick<SendingFlags, 'allowRemote' | 'insecure' | 'ca' | 'json' | 'quiet' | 'verbose'> &
  ValuesOf<typeof WORKER>;

export const configure = commandOf({ flags: [WORKER, SENDING], help: EXAMPLES, run: work });

async function work(flags: Flags, context: CommandContext): Promise<void> {
  const { allowRemote, insecure, concurrency = 10 } = flags;
  const ca = await readCa(flags);
  const summary = await workOnQueue({
    ...queueOptions(flags, context, SAFE),
    keyring: await keyringFrom(flags, context),
    sender: undiciSender({ allowRemote, insecure, ca }),
    concurrency,
    untilEmpty: flags.untilEmpty,
    signal: context.io.interrupted,
    events: workerView(flags, context),
    onReady: (address, warnings) => {
      for (const warning of warnings) context.warn(warning);
      if (flags.quiet !== true) context.note(`worker on ${address}, up to ${concurrency} attempts at a time`);
    },
  });
  if (flags.quiet !== true) context.note(summaryLine(summary));
  const isLeft = summary.refused > 0 && flags.untilEmpty === true;
  context.exitCode = summary.failed > 0 || isLeft ? EXIT.failed : EXIT.ok;
}

/** Everything that the user gave, and the development secret. */
async function keyringFrom({ webhook, secret, header }: Flags, context: CommandContext): Promise<Keyring> {
  const files = await Promise.all((webhook ?? []).map((path) => loadWebhook(path, diskFiles)));
  for (const warning of files.flatMap(({ warnings }) => warnings)) context.warn(warning);
  const ofFiles = files.flatMap(({ attributes: { secret: one, secrets: more = [] } }) => [
    one,
    ...more.map(({ value }) => value),
  ]);
  const texts = [...ofFiles, ...(secret ?? []), context.io.env['PERSONA_WEBHOOK_SECRET'], DEVELOPMENT_SECRET];
  const given = texts.flatMap((text) => (text == null || text === '' ? [] : [text]));
  const ofHeaders = files.flatMap(({ attributes }) => Object.values(attributes['custom-http-headers'] ?? {}));
  const headerValues = [...ofHeaders, ...(header ?? []).map(([, value]) => value)];
  return keyringOf({ secrets: given.map((text) => new Secret(text)), headerValues });
}

function summaryLine({ completed, failed, refused }: WorkSummary): string {
  const left = refused === 0 ? '' : `, ${refused} left for a worker with other secrets or flags`;
  return `here: ${completed} completed, ${failed} failed${left}`;
}
