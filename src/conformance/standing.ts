import type { VerdictKind } from './check.ts';
import type { CheckReport, ConformanceReport, ReceiverReport } from './report.ts';

interface VerdictLook {
  /** One column wide: colour is never the only sign. */
  readonly glyph: string;
  readonly word: string;
  readonly meaning: string;
  /** On a terminal. */
  readonly paint: 'green' | 'yellow' | 'blue' | 'red' | 'magenta' | 'dim' | 'cyan';
}

/** In the order in which they are counted and listed. */
export const VERDICTS = {
  pass: { glyph: '✓', word: 'pass', meaning: 'does what is required', paint: 'green' },
  'non-strict': { glyph: '~', word: 'not strict', meaning: 'gets by, but not as it should', paint: 'yellow' },
  info: { glyph: 'i', word: 'info', meaning: 'observed only; nothing is required', paint: 'blue' },
  fail: { glyph: '✗', word: 'fail', meaning: 'does not do what is required', paint: 'red' },
  error: { glyph: '!', word: 'error', meaning: 'nothing can be concluded', paint: 'magenta' },
  skipped: { glyph: '-', word: 'skipped', meaning: 'not run: something was not given', paint: 'dim' },
  'needs-oracle': { glyph: '?', word: 'needs oracle', meaning: 'only an oracle can tell', paint: 'cyan' },
} as const satisfies Readonly<Record<VerdictKind, VerdictLook>>;

export const VERDICT_KINDS = Object.keys(VERDICTS) as readonly VerdictKind[];

/** What a verdict means for the run. `known` failures were expected: neither failure nor success. */
export type Standing = 'success' | 'failure' | 'error' | 'known' | 'not-run';

export function standingOf(check: Judged, { strict }: Pick<ConformanceReport, 'strict'>): Standing {
  const plain = isOpenForgery(check) ? 'failure' : plainStanding(check.verdict, strict);
  // What a receiver may leave out is reported, and fails no run.
  const standing = plain === 'failure' && check.level === 'may' ? 'success' : plain;
  return check.isKnown && (standing === 'failure' || standing === 'error') ? 'known' : standing;
}

interface Judged extends Pick<CheckReport, 'verdict' | 'isKnown' | 'level'> {
  /** What went over the wire; none where the check was not run. */
  readonly wire: readonly unknown[];
}

/**
 * A forged event was acknowledged, and without an oracle it is unknown whether it was acted upon: a receiver
 * that verifies nothing looks like that, and must not be called conformant.
 */
function isOpenForgery({ verdict, level, wire }: Judged): boolean {
  return verdict === 'needs-oracle' && level === 'must' && wire.length > 0;
}

function plainStanding(verdict: VerdictKind, strict: boolean): Standing {
  switch (verdict) {
    case 'pass':
    case 'info':
      return 'success';
    case 'non-strict':
      return strict ? 'failure' : 'success';
    case 'fail':
      return 'failure';
    case 'error':
      return 'error';
    case 'skipped':
    case 'needs-oracle':
      return 'not-run';
  }
}

/** `2 pass, 1 fail`: what there is, in the order of VERDICTS. */
export function countsText(summary: ReceiverReport['summary']): string {
  const counts = VERDICT_KINDS.filter((kind) => summary[kind] > 0).map(
    (kind) => `${summary[kind]} ${VERDICTS[kind].word}`,
  );
  return counts.join(', ') || 'no checks';
}

const SUM_WORDS = { failure: 'failed', error: 'could not be judged', known: 'known to fail' } as const;

/** `40 checks: 2 failed, 33 pass, 5 not strict`, each check counted once. */
export function sumText(
  receiver: ReceiverReport,
  report: Pick<ConformanceReport, 'strict' | 'interruptedOf'>,
): string {
  const { checks } = receiver;
  const notRun = checks.filter(
    ({ verdict, actual }) => verdict === 'error' && actual.startsWith('not run: '),
  );
  const run = checks.filter((check) => !notRun.includes(check));
  const bad = Object.entries(SUM_WORDS).map(
    ([standing, word]) =>
      [run.filter((check) => standingOf(check, report) === standing).length, word] as const,
  );
  const others = run.filter((check) => !(standingOf(check, report) in SUM_WORDS));
  const good = VERDICT_KINDS.map(
    (kind) => [others.filter(({ verdict }) => verdict === kind).length, VERDICTS[kind].word] as const,
  );
  const parts = [...bad, [notRun.length, 'not run'] as const, ...good];
  const texts = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const { interruptedOf } = report;
  if (interruptedOf !== undefined)
    return [`interrupted after ${checks.length} of ${interruptedOf} checks`, ...texts].join(', ');
  const noun = checks.length === 1 ? 'check' : 'checks';
  return `${checks.length} ${noun}: ${texts.join(', ') || 'none run'}`;
}

/** Runs of equal keys, wherever they stand, in the order of their first. */
export function groupedBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups];
}

/** Says whose requirement it is: a miss of general practice violates nothing of Persona's. */
export function basisText({ basis, level }: Pick<CheckReport, 'basis' | 'level'>): string {
  const words = {
    'Persona requires': 'Persona requires it',
    'Persona recommends': 'Persona recommends it',
    'Persona documents': 'follows from what Persona documents that it sends',
    'general practice': `general practice, not a requirement of Persona's`,
  } as const satisfies Readonly<Record<CheckReport['basis'], string>>;
  return `${words[basis]} (graded here: ${level})`;
}

/** What a failure usually means, what to change, and the page with code for it, by the words of the reports. */
export function adviceOf({
  cause,
  howToFix,
  fix,
}: Pick<CheckReport, 'cause' | 'howToFix' | 'fix'>): Readonly<Record<string, string>> {
  return {
    ...(cause === null ? {} : { cause }),
    ...(howToFix === null ? {} : { fix: howToFix }),
    page: fix,
  };
}

/** Would CI have to fail? The report's failures, less those that are known. */
export function failuresOf(report: ConformanceReport): number {
  const checks = report.receivers.flatMap((receiver) => receiver.checks);
  return checks.filter((check) => standingOf(check, report) === 'failure').length;
}
