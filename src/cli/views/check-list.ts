import { familyOf, FAMILIES, type Check } from '../../conformance/check.ts';
import { checkPage } from '../../conformance/check-page.ts';
import { selectChecks } from '../../conformance/select.ts';
import { basisText } from '../../conformance/standing.ts';
import { table } from '../../report/text.ts';
import { fixUrl } from '../../text/docs-url.ts';
import { wrapIndented, wrapLastColumn } from '../../text/wrap.ts';

/** Before the words of a fact, its margin left out. */
const FACT = /(?<=^ {2})[a-z]+ +/;

/** For people: a line for each check. @param columns - of a terminal, where it is shown on one */
export function checkTable(checks: readonly Check[], columns = Infinity): string {
  const rows = checks.map((check) => [check.id, check.level, check.title, (check.needs ?? []).join(', ')]);
  const families = new Set(checks.map(familyOf));
  const words = [...families].map((family) => `${family}: ${FAMILIES[family]}`).join(', ');
  const rowsShown = wrapLastColumn(table([['id', 'level', 'title', 'needs'], ...rows]), 'needs', columns);
  return `${rowsShown}\n\n${wrapIndented(`${checks.length} checks (${words})`, columns - 1, 2)}`;
}

/** For test suites, as JSON. */
export function checkJson(checks: readonly Check[]): string {
  const rows = checks.map((check) => {
    const { id, slug, title, level, basis, source, sends, requirement, needs = [] } = check;
    const family = familyOf(check);
    return { id, slug, family, title, level, basis, source, sends, requirement, needs, fix: fixUrl(id) };
  });
  return JSON.stringify(rows, null, 2);
}

/** What checks ask, and the part of their page on how to fix a failure; no network. @throws {UnknownNameError} */
export function explanation(pattern: string, columns = Infinity): string {
  const checks = selectChecks({ profile: 'core', only: [pattern] });
  const fixes = [...new Set(checks.map(({ id }) => checkPage(id).fix))].filter((fix) => fix !== '');
  const text = [...checks.map(explained), ...fixes].join('\n\n');
  return wrapOutsideCode(text, columns - 1);
}

/** Code cannot be broken. */
function wrapOutsideCode(text: string, width: number): string {
  let isCode = false;
  return text
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) isCode = !isCode;
      return isCode ? line : wrapIndented(line, width, FACT.exec(line)?.[0].length ?? 0);
    })
    .join('\n');
}

function explained(check: Check): string {
  const { id, title, sends, requirement, source } = check;
  const { cause, howToFix } = checkPage(id);
  return [
    `${id} ${title}`,
    `  sends     ${sends}`,
    `  requires  ${requirement}`,
    `  basis     ${basisText(check)}; ${source}`,
    ...(cause === undefined ? [] : [`  cause     ${cause}`]),
    ...(howToFix === undefined ? [] : [`  fix       ${howToFix}`]),
    `  page      ${fixUrl(id)}`,
  ].join('\n');
}
