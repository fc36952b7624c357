import { storyTimeMs } from '../event/build.ts';
import type { MoveTime } from '../event/move-times.ts';
import type { Scenario } from './load.ts';

/** When a step happens, in milliseconds since 1970: in the fixtures' story, and in this run of the scenario. */
interface Moment {
  readonly storyMs: number;
  readonly runMs: number;
}

/**
 * Where the times of each step's body lie when the scenario begins at `beginMs`. They are not simply as far from
 * their event as in its fixture, since `after` may set two steps apart, and then `created-at` of their object
 * must still be the same in both: a time stays with the step that the story has it happen in.
 */
export function timeLine({ steps }: Scenario, beginMs: number): MoveTime[] {
  const moments = steps.map(({ fixture, offsetMs }) => ({
    storyMs: storyTimeMs(fixture.document),
    runMs: beginMs + offsetMs,
  }));
  return moments.map((own, index) => {
    const past = moments.slice(0, index).filter(({ storyMs }) => storyMs <= own.storyMs);
    return (storyMs) => move(storyMs, own, past.length === 0 ? [own] : past);
  });
}

/** @param past - the steps up to this one that the story does not put after it */
function move(storyMs: number, own: Moment, past: readonly Moment[]): number {
  const owner = ownerOf(storyMs, own, past);
  const before = latest(past.filter((moment) => moment.storyMs < storyMs && moment !== owner));
  const movedMs = storyMs + owner.runMs - owner.storyMs;
  // A shorter distance than the story's must not put a cause before what came first.
  return before === undefined ? movedMs : Math.max(movedMs, before.runMs);
}

/** The step in which a time was set: the first one that does not lie before it. */
function ownerOf(storyMs: number, own: Moment, past: readonly Moment[]): Moment {
  // Times to come, such as expires-at, were set at the start.
  if (storyMs > own.storyMs) return past[0] ?? own;
  const isOwnSecond = storyMs >= Math.floor(own.storyMs / 1000) * 1000;
  if (isOwnSecond) return own;
  const candidates = past.filter((moment) => moment.storyMs >= storyMs && moment.storyMs < own.storyMs);
  return candidates.reduce((first, moment) => (moment.storyMs < first.storyMs ? moment : first), own);
}

function latest(moments: readonly Moment[]): Moment | undefined {
  return moments.reduce<Moment | undefined>(
    (last, moment) => (last === undefined || moment.storyMs >= last.storyMs ? moment : last),
    undefined,
  );
}
