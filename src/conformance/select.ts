import { globExpression } from '../text/glob.ts';
import { UnknownNameError, UsageError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { FAMILIES, familyOf, type Check } from './check.ts';
import { CHECKS } from './suite.ts';

/** How much is asked of a receiver, from the quickest to the most demanding. */
export const PROFILES = {
  core: 'what every receiver must do, seen from outside; seconds',
  strict: 'all that can be seen from outside',
  probe: 'adds what only an oracle can tell',
  soak: 'adds restarts, outages and idle connections; minutes',
  load: 'bursts and floods, nothing else',
} as const;
export type Profile = keyof typeof PROFILES;

export interface Selection {
  readonly profile: Profile;
  /** Ids, slugs, families or globs (`SIG-*`); they win over the profile. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
}

/** An oracle that was given is to be asked. */
export function profileOf({ profile, oracle }: { profile?: Profile | undefined; oracle?: unknown }): Profile {
  return profile ?? (oracle === undefined ? 'core' : 'probe');
}

/**
 * The checks of a run, in their order; never none, since a run without checks would count as passed.
 * @throws {UnknownNameError} for a pattern that matches no check
 * @throws {UsageError} when `skip` leaves out all
 */
export function selectChecks({ profile, only, skip = [] }: Selection): Check[] {
  const wanted = only === undefined || only.length === 0 ? undefined : only.map(matcher);
  const unwanted = skip.map(matcher);
  const selected = CHECKS.filter(
    (check) => wanted?.some((matches) => matches(check)) ?? isInProfile(check, profile),
  ).filter((check) => !unwanted.some((matches) => matches(check)));
  if (selected.length > 0) return selected;
  throw new UsageError(`no check is left: \`skip\` ${skip.join(',')} leaves out all of the selection`);
}

function isInProfile(check: Check, profile: Profile): boolean {
  if (profile === 'load' || check.only === 'load') return profile === check.only;
  if (check.only === 'soak') return profile === 'soak';
  const needs = check.needs ?? [];
  const isBlackBox = needs.every((need) => need === 'https');
  if (profile === 'core') return check.level === 'must' && isBlackBox;
  if (profile === 'strict') return isBlackBox;
  return profile === 'soak' || needs.every((need) => need === 'https' || need.endsWith('oracle'));
}

function matcher(pattern: string): (check: Check) => boolean {
  const expression = globExpression(pattern, 'i');
  const matches = (check: Check) =>
    [check.id, check.slug, familyOf(check)].some((name) => expression.test(name));
  if (CHECKS.some(matches)) return matches;
  const names = [...Object.keys(FAMILIES), ...CHECKS.flatMap(({ id, slug }) => [id, slug])];
  throw new UnknownNameError('check', pattern, {
    nearest: nearest(pattern, names),
    hint: 'All checks: hookcast conform --list',
  });
}
