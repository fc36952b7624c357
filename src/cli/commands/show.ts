import { positionOf } from '../../delivery/position.ts';
import { buildRequest } from '../../delivery/request.ts';
import { UsageError } from '../../errors.ts';
import { serialisePretty } from '../../json/text.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { HttpRequest } from '../../ports.ts';
import { maskHeaders } from '../../text/mask.ts';
import type { CommandContext } from '../context.ts';
import { curlLine } from '../../text/curl-line.ts';
import { checkEventNames, eventFlags, eventOptions } from '../flags/event.ts';
import { commandOf, flagsOf, GROUP, type ValuesOf } from '../flags/flag.ts';
import { BODY_ONLY, WEBHOOK } from '../flags/run.ts';
import { noteSecret, resolveWebhooks } from '../steps/resolve-webhooks.ts';
import { usesDevelopmentSecret } from '../../webhook/configure.ts';
import { previewSimulator, warnOfUnmatched, type PreviewFlags } from '../steps/preview.ts';

const EXAMPLES = `
Examples:
  $ hookcast show inquiry.approved
  $ hookcast show inquiry.approved --body > body.json
  $ hookcast show inquiry.approved --pretty --block '/included/attributes/*'

The curl line sends the very bytes of --body; write them to body.json first, with the same --seed and --at.
`;

const SHOWN = {
  body: BODY_ONLY,
  ...flagsOf(GROUP.output, {
    pretty: {
      spelling: '--pretty',
      description: 'print the body for people; these are not the bytes that are signed',
    },
  }),
};
type Flags = PreviewFlags & ValuesOf<typeof SHOWN>;

export const configure = commandOf({
  argument: ['<event>', 'a name such as inquiry.approved (see: hookcast events)'],
  flags: [WEBHOOK, eventFlags, SHOWN],
  help: EXAMPLES,
  run: show,
});

async function show(name: string, flags: Flags, context: CommandContext): Promise<void> {
  checkEventNames([name]);
  const [webhook = {}, ...others] = await resolveWebhooks(flags, context);
  if (others.length > 0) throw new UsageError('show takes one --webhook; the bodies of each differ');
  const simulator = previewSimulator(webhook, flags);
  for (const warning of simulator.webhook.warnings) context.warn(warning);
  const event = await simulator.build(name, eventOptions(flags));
  const payload = simulator.compose(event);
  if (usesDevelopmentSecret(webhook)) noteSecret(context);
  warnOfUnmatched(payload.unmatched, context);
  if (flags.body === true) context.io.stdout.write(payload.body);
  else if (flags.pretty === true) context.print(serialisePretty(payload.document));
  else printRequest(firstRequest(simulator, payload.body, flags.at), context);
  if (flags.body !== true) context.note(context.chalk.dim(repeatHint(simulator.seed, event.createdAtMs)));
}

function firstRequest({ webhook, policy }: Simulator, body: Buffer, at: Date | undefined): HttpRequest {
  const nowMs = at?.getTime() ?? Date.now();
  return buildRequest(webhook.endpoint, body, positionOf(1, { nowMs }, policy));
}

function printRequest({ url, headers: sent, body }: HttpRequest, context: CommandContext): void {
  const headers = maskHeaders(sent);
  context.print(`POST ${url.pathname}${url.search} HTTP/1.1`);
  context.print(`Host: ${url.host}`);
  for (const [name, value] of Object.entries(headers)) context.print(`${name}: ${value}`);
  context.print();
  context.print(body.toString('utf8'));
  context.print();
  context.print(curlLine(url.href, headers));
}

function repeatHint(seed: number, createdAtMs: number): string {
  return `repeat with: --seed ${seed} --at ${new Date(createdAtMs).toISOString()}`;
}
