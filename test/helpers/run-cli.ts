import { main } from '../../src/cli/main.ts';
import type { Io, Keyboard } from '../../src/cli/io.ts';
import { shellWord } from '../../src/text/repeat-command.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly env?: Record<string, string>;
  readonly isTty?: boolean;
  /** Is stderr a terminal? @default false */
  readonly stderrIsTty?: boolean;
  /** Of stdout. @default 80 */
  readonly columns?: number;
  readonly interrupted?: AbortSignal;
  readonly keyboard?: Keyboard;
  /** Standard input. */
  readonly input?: string | Buffer;
  /** What the user types, in the order of the questions; absent where there is no terminal. */
  readonly answers?: readonly string[];
  /** Called with all of stdout whenever something is written. */
  readonly onOutput?: (stdout: string) => void;
  /** The same for stderr. */
  readonly onNotes?: (stderr: string) => void;
}

/** Runs a command line in this process and keeps what it wrote. */
export async function runCli(argv: readonly string[], options: RunOptions = {}): Promise<CliRun> {
  let [stdout, stderr] = ['', ''];
  const pressed = new AbortController();
  const io: Io = {
    stdout: {
      write: (text) => {
        stdout += String(text);
        options.onOutput?.(stdout);
      },
      isTty: options.isTty ?? false,
      columns: options.columns ?? 80,
    },
    stderr: {
      write: (text) => {
        stderr += String(text);
        options.onNotes?.(stderr);
      },
      isTty: options.stderrIsTty ?? false,
      columns: 80,
    },
    env: options.env ?? {},
    colorLevel: 0,
    keyboard: options.keyboard,
    readInput: options.input === undefined ? undefined : () => Buffer.from(options.input ?? ''),
    ask: answering(options.answers, (question) => (stderr += `${question}\n`)),
    interrupted: AbortSignal.any([pressed.signal, ...(options.interrupted ? [options.interrupted] : [])]),
    interrupt: () => {
      pressed.abort(new Error('interrupted'));
    },
  };
  const code = await main(argv, io);
  return { code, stdout, stderr };
}

/** A terminal's view of these command lines, one after the other: what each prints, and its exit code. */
export async function session(
  lines: readonly (readonly string[])[],
  options: RunOptions = {},
): Promise<string> {
  const shown = [];
  for (const argv of lines) {
    const { code, stdout, stderr } = await runCli(argv, options);
    shown.push(`$ hookcast ${argv.map(shellWord).join(' ')}\n${stdout}${stderr}exit code ${code}\n`);
  }
  return shown.join('');
}

/** What a user sees of a run: both outputs and the exit code. `names` says what stands for a text that varies. */
export function shown(
  { code, stdout, stderr }: CliRun,
  names: Readonly<Record<string, string>> = {},
): string {
  const text = `${stdout}${stderr}exit code ${code}\n`;
  return Object.entries(names).reduce((all, [part, name]) => all.replaceAll(part, name), stable(text));
}

/** What a terminal shows in the end: the live lines are wiped by then. */
export function lasting(stdout: string): string {
  return stable(stdout.replace(/[^\n]*\r\u001b\[2K/g, ''));
}

/** What differs from run to run even with a seed: durations and ports. */
export function timeless(text: string): string {
  return text.replace(/\(\d+(\.\d+)? m?s\)/g, '(N ms)').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
}

/** Durations, ports, ids, seeds and times differ from run to run; all else must not. */
export function stable(text: string): string {
  return timeless(text)
    .replace(/evt_\w{24}/g, 'evt_ID')
    .replace(/seed \d+/g, 'seed N')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/T\+\d+\w( \d+\w)? +/g, 'T+TIME  ');
}

function answering(answers: readonly string[] | undefined, show: (question: string) => void): Io['ask'] {
  if (answers === undefined) return undefined;
  const left = [...answers];
  return (question) => {
    show(question);
    const answer = left.shift();
    return answer === undefined
      ? Promise.reject(new Error('one question too many'))
      : Promise.resolve(answer);
  };
}
