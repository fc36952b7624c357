import { counted } from '../../text/plural.ts';
import { STATUS_CODES } from 'node:http';
import { answerFault } from '../../delivery/answer-faults.ts';
import type { RecordingWriter } from '../../recording/write/recording-writer.ts';
import { SIGNATURE_HEADER } from '../../persona/contract.ts';
import { identify } from '../../recording/identify.ts';
import { recordingLine } from '../../recording/ndjson.ts';
import { headerOf, withoutCredentials, type Recording } from '../../recording/recording.ts';
import { scrubbed } from '../../recording/scrub/scrub.ts';
import { formatElapsed } from '../../report/duration.ts';
import { printable } from '../../text/printable.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../signing/sign.ts';
import { verify } from '../../signing/verify.ts';
import type { CommandContext } from '../context.ts';
import { describeSignature } from '../views/signature-verdict.ts';

export interface RecorderOptions {
  readonly writer: RecordingWriter;
  /** Empty: signatures are not checked. */
  readonly secrets: readonly Secret[];
  /** Replace personal data with stand-ins made with this key. */
  readonly scrubKey: Buffer | undefined;
  readonly withCredentials: boolean;
  readonly output: string;
}

/** Shows each exchange and writes it to the recording; a write that fails is reported, and requests still pass. */
export class Recorder {
  readonly #context: CommandContext;
  readonly #options: RecorderOptions;
  #seen = 0;
  #written = 0;
  #isFailing = false;

  constructor(context: CommandContext, options: RecorderOptions) {
    this.#context = context;
    this.#options = options;
  }

  get written(): number {
    return this.#written;
  }

  take(recording: Recording, isWhole: boolean): void {
    this.#seen += 1;
    const known = identify(recording);
    for (const line of this.#lines(known)) this.#context.print(line);
    if (!isWhole) {
      this.#context.warn('not written: the body was not complete, or larger than 16 MiB');
      return;
    }
    void this.#write(known);
  }

  summary(): string {
    const requests = `${counted(this.#seen, 'request')} passed on`;
    const all = this.#written === this.#seen ? 'all written' : `${this.#written} written`;
    return this.#seen === 0 ? 'nothing came' : `${requests}, ${all} to ${this.#options.output}`;
  }

  async #write(recording: Recording): Promise<void> {
    const { writer, scrubKey, withCredentials } = this.#options;
    const bare = withCredentials ? recording : withoutCredentials(recording);
    const kept = scrubKey === undefined ? bare : scrubbed(bare, scrubKey);
    if (kept === undefined) {
      this.#context.warn('not written: the body is not JSON, and --scrub cannot tell what in it is personal');
      return;
    }
    this.#written += 1;
    try {
      await writer.append(recordingLine(kept));
      this.#isFailing = false;
    } catch (error) {
      this.#written -= 1;
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#isFailing) this.#context.warn(`not written: ${reason}; requests are passed on all the same`);
      this.#isFailing = true;
    }
  }

  /** Everything of a request is untrusted: a tunnel lets anyone send one. */
  #lines(recording: Recording): string[] {
    const { chalk } = this.#context;
    const { method, url, eventName = 'no event name', eventId = '', attempt, body } = recording;
    const path = printable(url.replace(/^\w+:\/\/[^/]*/, ''), 60);
    const count = attempt === undefined ? '' : `  attempt ${attempt}`;
    const named = `${chalk.bold(printable(eventName, 60))}  ${printable(eventId, 40)}`.trimEnd();
    const title = `${printable(method, 20)} ${path}  ${named}${count}  ${body.length} bytes`;
    return [title, `  ${this.#signature(recording)}`, `  ${this.#answer(recording)}`];
  }

  #signature({ headers, body }: Recording): string {
    const { chalk } = this.#context;
    const header = headerOf(headers, SIGNATURE_HEADER);
    const { secrets } = this.#options;
    if (header === undefined)
      return `${chalk.red('✗')} ${describeSignature({ kind: 'missing' }, { body, secrets })}`;
    if (secrets.length === 0) return this.#withoutSecret(header, body);
    const verification = verify(body, header, { secrets });
    const mark = verification.kind === 'valid' ? chalk.green('✓') : chalk.red('✗');
    return `${mark} ${describeSignature(verification, { body, secrets })}`;
  }

  #withoutSecret(header: string, body: Buffer): string {
    const isOurs = verify(body, header, { secrets: [new Secret(DEVELOPMENT_SECRET)] }).kind === 'valid';
    if (isOurs) return `${this.#context.chalk.green('✓')} signature valid (development secret)`;
    return this.#context.chalk.dim('signature not checked: no --secret given');
  }

  #answer(recording: Recording): string {
    const { chalk } = this.#context;
    const took = chalk.dim(`(${formatElapsed(recording.timings?.totalMs ?? 0)})`);
    const failure = describeFailure(recording);
    if (failure !== undefined) return `${chalk.red('✗')} ${failure} ${took}`;
    const status = recording.answer?.status ?? 0;
    return `${chalk.dim(`answer: ${status} ${STATUS_CODES[status] ?? ''}`)} ${took}`;
  }
}

function describeFailure({ answer, failure }: Recording): string | undefined {
  if (failure === undefined) return undefined;
  if (failure.code === 'PATH_REFUSED') return `not passed on: ${failure.reason}; the sender got 400`;
  if (answer !== undefined || failure.code === 'HUNG_UP') return printable(failure.reason, 120);
  const fault = answerFault(failure.code);
  return fault === undefined
    ? `no answer from your receiver (${printable(failure.code, 40)}); the sender got 502`
    : `your receiver's answer is not valid HTTP: ${fault}; the sender got 502`;
}
