import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { diskWriter } from '../../fixture/files.ts';
import { startRecordingProxy } from '../../recording/proxy.ts';
import { openRecording } from '../../recording/write/recording-writer.ts';
import { systemClock } from '../../delivery/system-clock.ts';
import { shellQuoted } from '../../text/repeat-command.ts';
import { EXIT, type CommandContext } from '../context.ts';
import { commandOf, flagsOf, GROUP, reworded, type ValuesOf } from '../flags/flag.ts';
import { WITH_CREDENTIALS, readCa, TARGET, SIGNING, LISTEN } from '../flags/run.ts';
import { Recorder } from '../steps/recorder.ts';
import { knownSecrets } from './sign.ts';
import { untilInterrupted } from '../terminal/interrupted.ts';
import { urlOf } from '../steps/resolve-webhooks.ts';
import { configureWebhook } from '../../webhook/configure.ts';

const EXAMPLES = `
Examples:
  $ hookcast record --to http://localhost:3000/webhooks
  $ hookcast record --to http://localhost:3000/webhooks --port 4000 --output persona.ndjson --scrub
  $ hookcast replay recording.ndjson --to http://localhost:3000/webhooks

Point your tunnel at this port instead of at your receiver. Each request is passed on as it came, and so does the
answer; both are appended to the file, one line each. The file holds what the sender sent: with --scrub names,
birthdates, addresses and other personal data are replaced before they are written, not in what is passed on.
The values of Authorization, cookies and similar headers are written as [secret]. Ctrl-C ends it.

Exit codes: 2 wrong usage, 3 the port is taken, 130 ended by Ctrl-C.
`;

const RECORD = {
  to: TARGET.to,
  port: reworded(LISTEN.port, { default: 4000 }),
  host: LISTEN.host,
  allowRemote: reworded(TARGET.allowRemote, 'pass on to addresses outside this machine and private networks'),
  insecure: reworded(TARGET.insecure, 'accept any TLS certificate of the receiver'),
  ca: TARGET.ca,
  secret: reworded(SIGNING.secret, 'check signatures with this secret; repeat to accept either'),
  ...flagsOf(GROUP.output, {
    output: {
      spelling: '--output <file>',
      description: 'file to write; appended to if it exists',
      default: 'recording.ndjson',
    },
    scrub: { spelling: '--scrub', description: 'replace personal data before it is written' },
  }),
  withCredentials: WITH_CREDENTIALS,
};
type Flags = ValuesOf<typeof RECORD>;

export const configure = commandOf({ flags: [RECORD], help: EXAMPLES, run: record });

async function record(flags: Flags, context: CommandContext): Promise<void> {
  const to = configureWebhook({ url: flags.to ?? urlOf(context.io.env) }).endpoint.url;
  const secrets = knownSecrets(flags, context);
  const ca = await readCa(flags);
  const isNew = !(await diskWriter.exists(flags.output));
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
    await untilInterrupted(context.io);
    await proxy.close();
  } catch (error) {
    if (isNew && recorder.written === 0) await rm(flags.output, { force: true });
    throw error;
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
