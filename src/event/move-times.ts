import { scalar, type JsonScalar } from '../json/node.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Where a time of the sample story lies on an event's time line; both in milliseconds since 1970. */
export type MoveTime = (storyMs: number) => number;

/**
 * Moves a scalar, if it is a time: an ISO time, or unix seconds as they stand beside one (`created-at-ts`). Dates such
 * as a birthdate stay. A time in whole seconds stays one, rounded down, so that nothing comes to lie after what it
 * caused.
 * @param key - of the member that it stands in
 */
export function moveScalar(leaf: JsonScalar, key: string | undefined, move: MoveTime): JsonScalar {
  const { value } = leaf;
  if (typeof value === 'number' && key?.endsWith('-at-ts') === true)
    return scalar(Math.floor(move(value * 1000) / 1000));
  if (typeof value !== 'string') return leaf;
  const match = TIME.exec(value);
  if (match === null) return leaf;
  const fraction = match[1] ?? '';
  const moved = new Date(move(Date.parse(value))).toISOString();
  const movedFraction = moved.slice(19, 23);
  const isKept = Number(fraction) === 0 || fraction.startsWith(movedFraction);
  return scalar(`${moved.slice(0, 19)}${isKept ? fraction : movedFraction}Z`);
}
