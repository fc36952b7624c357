import { exec } from 'node:child_process';
import { OracleError, type Oracle } from './oracle.ts';
import { parseOracleAnswer } from './oracle-answer.ts';

const LIMIT_MS = 10_000;
const KEPT_BYTES = 16 * 1024 * 1024;

export interface OracleOptions {
  /**
   * Does the oracle tell the status of objects, too?
   * @default known from its answers: yes as soon as one of them had a `status`
   */
  readonly tellsState?: boolean | undefined;
  /** How long one reading may take, milliseconds. @default 10,000 */
  readonly timeoutMs?: number | undefined;
}

/** Asks a URL with GET. The answer: see `parseOracleAnswer`. */
export function httpOracle(url: URL, options: OracleOptions = {}): Oracle {
  const source = `the oracle ${url.href}`;
  return answering(source, options, async (timeoutMs) => {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    if (!response.ok) throw new OracleError(`${source}: expected status 200, found ${response.status}`);
    return text;
  });
}

/** Runs a command in the shell and reads what it prints. The answer: see `parseOracleAnswer`. */
export function commandOracle(command: string, options: OracleOptions = {}): Oracle {
  const source = `the oracle '${command}'`;
  return answering(
    source,
    options,
    (timeoutMs) =>
      new Promise((resolve, reject) => {
        const settings = { timeout: timeoutMs, maxBuffer: KEPT_BYTES, killSignal: 'SIGKILL' as const };
        exec(command, settings, (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new OracleError(`${source}: ${failureOf(error, stderr, timeoutMs)}`, { cause: error }));
        });
      }),
  );
}

function failureOf(
  error: { killed?: boolean; code?: number | string | null },
  stderr: string,
  timeoutMs: number,
): string {
  if (error.killed === true) return `no answer within ${timeoutMs} ms`;
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  return `expected exit code 0, found ${String(error.code)}${lastLine === '' ? '' : ` (${lastLine})`}`;
}

function answering(
  source: string,
  { tellsState, timeoutMs = LIMIT_MS }: OracleOptions,
  ask: (timeoutMs: number) => Promise<string>,
): Oracle {
  let hasToldState = false;
  return {
    get tellsState() {
      return tellsState ?? hasToldState;
    },
    async read() {
      const answer = parseOracleAnswer(await asked(source, ask, timeoutMs), source);
      hasToldState ||= answer.tellsState;
      return answer;
    },
  };
}

async function asked(
  source: string,
  ask: (timeoutMs: number) => Promise<string>,
  timeoutMs: number,
): Promise<string> {
  try {
    return await ask(timeoutMs);
  } catch (error) {
    if (error instanceof OracleError) throw error;
    throw new OracleError(`${source}: ${reasonOf(error, timeoutMs)}`, { cause: error });
  }
}

/** `fetch` hides what happened in the cause of a "fetch failed". */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return `cannot be asked: ${cause?.code ?? cause?.message ?? error.message}`;
}
