/** What a run learns of a receiver while it asks. */
export interface Learnt {
  /** The longest time after which the work of an accepted event was seen to be done, milliseconds. */
  slowestEffectMs: number;
  /** The event that it acts on, where that is none of those that nearly every receiver acts on. */
  usualEvent: string | undefined;
}

export function newLearnt(): Learnt {
  return { slowestEffectMs: 0, usualEvent: undefined };
}
