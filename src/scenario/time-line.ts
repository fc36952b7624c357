import { storyTimeMs, moveScalar } from '../event/build.ts';
import { array, object, stringAt, type JsonNode, type JsonObject, type JsonScalar } from '../json/node.ts';
import type { Scenario } from './load.ts';

/** A time, in milliseconds since 1970: in the fixtures' story, and in this run of the scenario. */
interface Moment {
  readonly storyMs: number;
  readonly runMs: number;
}

/** The times as they were told last, by resource and place in it: `inq_….attributes.created-at`. */
type Memory = Map<string, Moment | undefined>;

/**
 * The steps' documents with the times of a run that begins at `beginMs`. `after` may set two steps apart, and
 * still `created-at` of an object must be the same in both. So a time that the bodies before had in the same
 * place stays what it was; one that is new happened with its step, and moves with it.
 * @param moveLeaf - writes a moved time, and leaves alone what is none
 */
export function onTimeLine(
  { steps }: Scenario,
  beginMs: number,
  moveLeaf: typeof moveScalar = moveScalar,
): JsonObject[] {
  const memory: Memory = new Map();
  const past: Moment[] = [];
  return steps.map(({ fixture: { document }, offsetMs }) => {
    past.push({ storyMs: storyTimeMs(document), runMs: beginMs + offsetMs });
    const moments = [...past];
    const visit = (leaf: JsonScalar, place: string, key?: string) => {
      const moved = moveLeaf(leaf, key, (storyMs) => {
        const known = memory.get(place);
        const isNewPlace = !memory.has(place);
        const runMs = known?.storyMs === storyMs ? known.runMs : newTimeMs(storyMs, { moments, isNewPlace });
        memory.set(place, { storyMs, runMs });
        return runMs;
      });
      if (moved === leaf) memory.set(place, undefined);
      return moved;
    };
    return walk(document, { place: '', visit }) as JsonObject;
  });
}

interface Context {
  /** Of the steps so far, the own one last. */
  readonly moments: readonly Moment[];
  /** No body before had anything in this place: its resource may be older than the scenario. */
  readonly isNewPlace: boolean;
}

function newTimeMs(storyMs: number, { moments, isNewPlace }: Context): number {
  const [first, own] = [moments[0], moments.at(-1)];
  if (first === undefined || own === undefined) return storyMs;
  // What was before the scenario began, such as the making of a template, has nothing to do with its gaps.
  if (isNewPlace && storyMs <= first.storyMs) return storyMs + first.runMs - first.storyMs;
  // A gap shorter than the story's must not put it before a step that it followed.
  const before = moments.slice(0, -1).filter((moment) => moment.storyMs < storyMs && storyMs <= own.storyMs);
  return Math.max(storyMs + own.runMs - own.storyMs, ...before.map(({ runMs }) => runMs));
}

interface Walk {
  readonly place: string;
  readonly key?: string | undefined;
  readonly visit: (leaf: JsonScalar, place: string, key?: string) => JsonScalar;
}

function walk(node: JsonNode, { place, key, visit }: Walk): JsonNode {
  switch (node.kind) {
    case 'scalar':
      return visit(node, place, key);
    case 'array':
      return array(node.items.map((item, index) => walk(item, { place: `${place}.${index}`, key, visit })));
    case 'object': {
      // A resource is the same one in whatever body it stands.
      const home = stringAt(node, 'id') ?? place;
      return object(
        node.members.map((entry) => ({
          ...entry,
          value: walk(entry.value, { place: `${home}.${entry.key}`, key: entry.key, visit }),
        })),
      );
    }
  }
}
