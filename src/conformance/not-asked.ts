import type { Check } from './check.ts';
import { CHECKS } from './suite.ts';

/** What a run of a profile leaves out, so that a green one promises no more than it asked. */
export function notAsked(asked: readonly Check[], profile: string): string[] {
  if (profile === 'load') return [];
  const left = CHECKS.filter((check) => !asked.includes(check) && check.only !== 'load');
  if (left.length === 0) return [];
  const parts = [...oracleParts(left), ...shouldParts(left, profile), ...hookParts(left, profile)];
  const scope = `${asked.length} of ${CHECKS.length} checks (${profile})`;
  return [parts.length === 0 ? scope : `${scope}. Not asked: ${parts.join('; ')}`];
}

function oracleParts(left: readonly Check[]): string[] {
  const isLeft = (id: string) => left.some((check) => check.id === id);
  const questions = [
    ...(isLeft('IDEM-02') ? ['whether a duplicate is processed once'] : []),
    ...(isLeft('ORD-01') ? ['whether an older event overwrites a newer state'] : []),
  ];
  if (questions.length === 0) return [];
  return [`${questions.join(', ')} (${questions.length > 1 ? 'both need' : 'needs'} \`oracle\`)`];
}

function shouldParts(left: readonly Check[], profile: string): string[] {
  if (profile !== 'core') return [];
  const count = left.filter(
    ({ level, needs = [], only }) => level !== 'must' && only === undefined && needs.length === 0,
  ).length;
  return count === 0 ? [] : [`${count} that are not musts: \`profile\` strict`];
}

function hookParts(left: readonly Check[], profile: string): string[] {
  const needsHook = left.some(({ needs = [] }) => needs.some((need) => need.startsWith('hook:')));
  return needsHook && profile === 'probe' ? ['restarts and outages: `profile` soak with `hooks`'] : [];
}
