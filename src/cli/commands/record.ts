import { randomBytes } from 'node:crypto';
import { diskFiles } from '../../fixture/files.ts';
import { authoritiesOf } from '../../http/authorities.ts';
import { startRecordingProxy } from '../../recording/proxy.ts';
import { openRecording } from '../../recording/write/recording-writer.ts';
import { systemClock } from '../../delivery/system-clock.ts';
import { EXIT } from '../exit-codes.ts';
import { shellQuoted } from '../../text/repeat-command.ts';
import type { CommandContext, ConfigureCommand } from '../context.ts';
import { collect, wholeNumber } from '../flags/event.ts';
import { knownSecrets, Recorder } from '../steps/recorder.ts';
import { untilInterrupted } from '../terminal/interrupted.ts';
import { resolveReceiver } from '../steps/resolve-receiver.ts';

interface Flags {
  readonly to?: string;
  readonly port: number;
  readonly host: string;
  readonly output: string;
  readonly scrub?: boolean;
  readonly secret?: string[];
  readonly withCredentials?: boolean;
  readonly allowRemote?: boolean;
  readonly insecure?: boolean;
  readonly ca?: string;
}

const EXAMPLES = `
Examples:
  $ hookcast record --to http://localhost:3000/webhooks
  $ hookcast record --to http://localhost:3000/webhooks --port 4000 --output persona.ndjson --scrub
  $ hookcast replay recording.ndjson --to http://localhost:3000/webhooks

Point your tunnel at this port instead of at your receiver. Each request goes on as it came, and so does the
answer; both are appended to the file, one line each. The file holds what the sender sent: with --scrub names,
birthdates, addresses and the like are replaced before they are written, not in what is passed on.
The values of Authorization, cookies and the like are written as [secret]. Ctrl-C ends it.

Exit codes: 2 wrong usage, 3 the port is taken, 130 ended by Ctrl-C.
`;

export const configure: ConfigureCommand = (command, context) => {
  command
    .option('--to <url>', 'your receiver (or HOOKCAST_URL)')
    .option('--port <number>', 'to listen on; 0 picks a free one', wholeNumber, 4000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--output <file>', 'file to write; appended to if it exists', 'recording.ndjson')
    .option('--scrub', 'replace personal data before it is written')
    .option(
      '--secret <text>',
      'check signatures with this secret (or PERSONA_WEBHOOK_SECRET); repeat to accept either',
      collect,
    )
    .option('--with-credentials', 'also write credentials (Authorization, cookies) in clear text')
    .option('--allow-remote', 'pass on to addresses outside this machine and private networks')
    .option('--insecure', 'accept any TLS certificate of the receiver')
    .option('--ca <pem>', 'trust the certificate authorities in this file')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => record(flags, context));
};

async function record(flags: Flags, context: CommandContext): Promise<void> {
  const to = resolveReceiver(flags, context);
  const secrets = knownSecrets(flags, context);
  const ca = flags.ca === undefined ? undefined : authoritiesOf(await diskFiles.read(flags.ca), flags.ca);
  const writer = await openRecording(flags.output);
  const scrubKey = flags.scrub === true ? randomBytes(32) : undefined;
  const { output, withCredentials = false } = flags;
  const recorder = new Recorder(context, { writer, secrets, scrubKey, withCredentials, output });
  const proxy = await startRecordingProxy({
    ...flags,
    ...{ to, ca },
    now: () => systemClock.now(),
    onExchange: (recording, isWhole) => recorder.take(recording, isWhole),
  }).catch(async (error: unknown) => {
    await writer.discard();
    throw error;
  });
  try {
    context.print(`listening on ${proxy.url}, passing on to ${to.href}`);
    const what = flags.scrub === true ? 'without personal data' : 'personal data included; see --scrub';
    context.print(`recording into ${output} (${what}); Ctrl-C ends it`);
    await untilInterrupted(context.io.interrupted);
    await proxy.close();
  } finally {
    await writer.close();
  }
  context.print(recorder.summary());
  if (recorder.written > 0)
    context.print(`replay with: hookcast replay ${word(output)} --to ${word(to.href)}`);
  context.exitCode = EXIT.ok;
}

function word(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : shellQuoted(text);
}
