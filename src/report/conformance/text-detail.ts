import type { CheckReport, WireReport } from '../../conformance/report.ts';
import { formatElapsed } from '../duration.ts';
import { printable } from '../../text/printable.ts';
import { exchangeLine, requestText, responseText, type MessageText } from './exchange-text.ts';
import type { ReportStyle } from './style.ts';
import { paintVerdict } from './text-paint.ts';
import { adviceOf, basisText, VERDICTS, groupedBy } from '../../conformance/standing.ts';
import { wrap, wrapCommand, wrapHard, wrapLink } from './wrap.ts';

export const COLUMNS = 80;

/** Of a body; the HTML report shows more. */
const BODY_BYTES = 400;

/** A check in full: what was sent, what came back, on what grounds, and how to repeat it. */
export function detailLines(check: CheckReport, style: ReportStyle): readonly string[] {
  const { id, title, verdict } = check;
  const heading = wrap(title, { columns: COLUMNS, lead: `  ${VERDICTS[verdict].glyph} ${id.padEnd(9)}` });
  return [
    ...heading.map((line) => paintVerdict(verdict, line, style.chalk)),
    ...(style.verbose
      ? [...factLines(allFacts(check)), ...exchangesOf(check, style)]
      : factLines(shortFacts(check))),
    ...(verdict === 'pass' || verdict === 'error' ? [] : pageLines(check)),
    ...repeatLines(check),
  ];
}

export function pageLines({ fix }: CheckReport): readonly string[] {
  return wrapLink(fix, { columns: COLUMNS, lead: '      page      ' });
}

export function repeatLines({ command }: CheckReport): readonly string[] {
  return wrapCommand(printable(command, 2_000), { columns: COLUMNS, lead: '      repeat    ' });
}

/** What was seen first; what it cost to find out, and on what grounds, with --verbose. */
function shortFacts(check: CheckReport): Readonly<Record<string, string>> {
  return {
    seen: seenText(check),
    expected: check.expected,
    ...(check.verdict === 'error' ? {} : { ...inWords(check), basis: basisText(check) }),
  };
}

/** The link has a line of its own that is not wrapped. */
function inWords(check: CheckReport): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(adviceOf(check)).filter(([label]) => label !== 'page'));
}

/** The verdict's words, and those of the receiver in the exchange that they are about. */
function seenText(check: CheckReport): string {
  const { actual } = check;
  const telling = tellingExchange(check);
  const body = telling?.response?.body.subarray(0, 400).toString('utf8').replace(/\s+/g, ' ').trim() ?? '';
  return printable(actual, 300) + (body === '' ? '' : `, answer: "${printable(body, 80)}"`);
}

/** Verdicts name the variant, or the control, that they are about by its label. */
function tellingExchange({ wire, actual }: CheckReport): WireReport | undefined {
  const named = wire.filter(({ label }) => actual.includes(label));
  const statusSaid = wire.filter(
    ({ label, response }) =>
      !label.startsWith('control') && actual.includes(`status ${response?.status ?? 0}`),
  );
  return named[0] ?? statusSaid[0];
}

function allFacts(check: CheckReport): Readonly<Record<string, string>> {
  return {
    sent: check.sends,
    required: check.requirement,
    expected: check.expected,
    actual: check.actual,
    basis: basisText(check),
    source: check.source,
    ...(check.verdict === 'pass' || check.verdict === 'error' ? {} : inWords(check)),
    took: formatElapsed(check.durationMs),
  };
}

function factLines(facts: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(facts).flatMap(([label, text]) =>
    wrap(printable(text, 400), { columns: COLUMNS, lead: `      ${label.padEnd(10)}` }),
  );
}

function exchangesOf({ wire }: CheckReport, { chalk }: ReportStyle): readonly string[] {
  return wire.flatMap((exchange) => exchangeLines(exchange).map((line) => chalk.dim(line)));
}

function exchangeLines(exchange: WireReport): readonly string[] {
  const response = responseText(exchange, BODY_BYTES);
  return [
    ...wrap(exchangeLine(exchange), { columns: COLUMNS, lead: '      ' }),
    ...messageLines(requestText(exchange, BODY_BYTES), '>'),
    ...(response === undefined ? [] : messageLines(response, '<')),
  ];
}

function messageLines(message: MessageText, mark: '>' | '<'): readonly string[] {
  const lead = `        ${mark} `;
  const body = message.body === '' ? [] : ['', ...message.body.split('\n'), `(${message.size})`];
  return [message.startLine, ...message.headers, ...body].flatMap((line) =>
    wrapHard(line, { columns: COLUMNS, lead }),
  );
}

/** Checks that could not be judged for the same reason, and those with different reasons. */
export function byReason(checks: readonly CheckReport[]) {
  const groups = groupedBy(checks, ({ actual }) => actual).map(([, members]) => members);
  return {
    alike: groups.filter(({ length }) => length > 1),
    apart: groups.filter(({ length }) => length === 1).flat(),
  };
}

/** Once the reason, and the ids. */
export function alikeLines(checks: readonly CheckReport[], { chalk }: ReportStyle): readonly string[] {
  const [first] = checks;
  if (first === undefined) return [];
  const { glyph } = VERDICTS.error;
  const reason = `${checks.length} checks could not be judged: ${printable(first.actual, 400)}`;
  return [
    '',
    ...wrap(reason, { columns: COLUMNS, lead: `  ${glyph} ` }).map((line) =>
      paintVerdict('error', line, chalk),
    ),
    ...wrap(checks.map(({ id }) => id).join(' '), { columns: COLUMNS, lead: '      ' }),
    ...repeatLines(first),
  ];
}
