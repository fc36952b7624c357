import type { Summary } from '../api/records.ts';

type State = Summary['state'];

const GLYPHS: Readonly<Record<State, string>> = {
  pending: '◔',
  completed: '✓',
  failed: '✕',
  skipped: '–',
  cancelled: '⊘',
};

export function StateGlyph({ state }: { state: State }) {
  return (
    <span class={`glyph ${state}`} aria-hidden="true">
      {GLYPHS[state]}
    </span>
  );
}

export function StateBadge({ state }: { state: State }) {
  return (
    <span class={`badge ${state}`}>
      <span aria-hidden="true">{GLYPHS[state]} </span>
      {state}
    </span>
  );
}

const DOTS_MAX = 12;

/** One for each attempt of the schedule. */
export function AttemptDots({ summary }: { summary: Summary }) {
  const { attemptsMade, attemptsTotal, state, isUnderWay } = summary;
  const dots = Array.from({ length: Math.min(attemptsTotal, DOTS_MAX) }, (_, index) => {
    if (index + 1 === attemptsMade && state === 'completed') return 'ok';
    if (index < attemptsMade) return 'bad';
    return index === attemptsMade && isUnderWay ? 'now' : 'open';
  });
  return (
    <span class="dots" title={`${attemptsMade} of ${attemptsTotal} attempts made`}>
      <span class="hidden">{`${attemptsMade} of ${attemptsTotal} attempts`}</span>
      {dots.map((kind, index) => (
        <i key={index} class={kind} aria-hidden="true" />
      ))}
    </span>
  );
}
