import { familyOf, FAMILIES, type Check } from '../../conformance/check.ts';
import { checkPage } from '../../conformance/check-page.ts';
import { selectChecks } from '../../conformance/select.ts';
import { basisText } from '../../conformance/standing.ts';
import { table } from '../../report/text.ts';
import { fixUrl } from '../../text/docs-url.ts';

/** For people: a line for each check. */
export function checkTable(checks: readonly Check[]): string {
  const rows = checks.map((check) => [check.id, check.level, check.title, (check.needs ?? []).join(', ')]);
  const families = new Set(checks.map(familyOf));
  const words = [...families].map((family) => `${family}: ${FAMILIES[family]}`).join(', ');
  return `${table([['id', 'level', 'title', 'needs'], ...rows])}\n\n${checks.length} checks (${words})`;
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
export function explanation(pattern: string): string {
  const checks = selectChecks({ profile: 'core', only: [pattern] });
  const fixes = [...new Set(checks.map(({ id }) => checkPage(id).fix))].filter((fix) => fix !== '');
  return [...checks.map(explained), ...fixes].join('\n\n');
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
