// A goal, its limit and what was measured. `rounds` are the values that `measured` is the median or the ratio of.

export function atLeast(limit, goal, { measured, rounds, unit, of = 'rounds' }) {
  return { goal, limit: `at least ${limit}`, measured, rounds, unit, of, isMet: measured >= limit };
}

export function atMost(limit, goal, { measured, rounds, unit, of = 'rounds' }) {
  return { goal, limit: `at most ${limit}`, measured, rounds, unit, of, isMet: measured <= limit };
}

/** No goal: what follows from the processor times, where this machine cannot show it. */
export function computed(goal, { measured, rounds }) {
  return { goal, limit: 'computed', measured, rounds, of: 'rounds' };
}

/** A goal that cannot be measured here. */
export function skipped(goal, reason) {
  return { goal, reason };
}
