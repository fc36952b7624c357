import type { Check, CheckContext, Sample } from '../check.ts';
import { anyProcessed, isActedUpon, stateIdsOf, stateIn } from '../kit/effects.ts';
import { verdict } from '../kit/expect.ts';
import { said, sendInTurn, shuffled, stateAfter, stateInOrder, story } from '../kit/story.ts';

const INQUIRIES = 5;
const MINUTE_MS = 60_000;

export const ORD_EQUAL_TIMES: Check = {
  id: 'ORD-03',
  slug: 'equal-created-at',
  title: 'Equal created-at',
  sends: 'two events of one inquiry with the same created-at; of another inquiry in the other order',
  requirement: 'loses no decision, and both inquiries end in the same state',
  level: 'should',
  basis: 'general practice',
  source: 'robustness: created-at has milliseconds, and events come in groups',
  needs: ['state-oracle'],
  events: ['inquiry.completed', 'inquiry.approved'],
  async run(context) {
    const at = new Date(Math.floor(context.clock.now()));
    const pairs = [await pairAt(context, at), [...(await pairAt(context, at))].reverse()];
    for (const pair of pairs) await sendInTurn(context, pair);
    const events = pairs.flat();
    const reading = await context.consult(
      [...events.map(({ eventId }) => eventId), ...events.flatMap(stateIdsOf)],
      (seen) => pairs.every((pair) => anyProcessed(pair)(seen)),
    );
    // A receiver may act on decisions alone, and has no use for a step that is behind it.
    const lost = events.filter(
      (sample) => isActedUpon(context, sample) && reading.processed(sample.eventId) === 0,
    );
    const [one, other] = pairs.map(([first]) => (first === undefined ? undefined : stateIn(reading, first)));
    const isLost = lost.length > 0;
    const seen = `${said(one)} in one order, ${said(other)} in the other`;
    return verdict(
      one !== undefined && one === other && !isLost ? 'pass' : 'fail',
      this.requirement,
      isLost ? `${seen}; not processed: ${lost.map(({ event }) => event.name).join(', ')}` : seen,
    );
  },
};

async function pairAt(context: CheckContext, at: Date): Promise<readonly Sample[]> {
  const completed = await context.sample('inquiry.completed', { at });
  return [completed, await context.sample('inquiry.approved', { at, about: completed })];
}

/** Each inquiry's own events stay in their order, so that only a mix-up between inquiries can show. */
export const ORD_INTERLEAVED: Check = {
  id: 'ORD-05',
  slug: 'interleaved-objects',
  title: 'Interleaved objects',
  sends: 'the events of five inquiries, approved and declined in turn, mixed at random',
  requirement: 'ends each inquiry in its own state, whatever happened to the others meanwhile',
  level: 'should',
  basis: 'general practice',
  source: 'robustness: what is newest is a question of each object',
  needs: ['state-oracle'],
  events: ['inquiry.started', 'inquiry.completed', 'inquiry.approved', 'inquiry.declined'],
  async run(context) {
    const nowMs = context.clock.now();
    const wanted = new Map<string, string | undefined>();
    for (const end of ENDS) wanted.set(end, await stateInOrder(context, [...OPENING, end], nowMs));
    const [approved, declined] = ENDS.map((end) => wanted.get(end));
    if (approved === declined) {
      const seen = `approved and declined both end as ${said(approved)}, so that no mix-up could show`;
      return verdict('error', this.requirement, seen);
    }
    const stories = [];
    for (let index = 0; index < INQUIRIES; index += 1) {
      const names = [...OPENING, endOf(index)];
      stories.push(await story(context, names, nowMs - (index + 1) * MINUTE_MS));
    }
    await sendInTurn(context, mixed(stories, context));
    const wrong = await wrongEnds(context, stories, wanted);
    const seen = wrong.length === 0 ? 'all right' : `${wrong.length} wrong: ${wrong.join(', ')}`;
    return verdict(wrong.length === 0 ? 'pass' : 'fail', this.requirement, `${INQUIRIES} inquiries, ${seen}`);
  },
};

async function wrongEnds(
  context: CheckContext,
  stories: readonly (readonly Sample[])[],
  wanted: ReadonlyMap<string, string | undefined>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [index, samples] of stories.entries()) {
    const state = await stateAfter(context, samples);
    const right = wanted.get(endOf(index));
    if (state !== right || state === undefined) wrong.push(`${said(state)} for ${said(right)}`);
  }
  return wrong;
}

const OPENING = ['inquiry.started', 'inquiry.completed'] as const;
const ENDS = ['inquiry.approved', 'inquiry.declined'] as const;

function endOf(index: number): string {
  return ENDS[index % 2] ?? '';
}

/** Draws whose turn it is; the next of that story is then sent. */
function mixed(stories: readonly (readonly Sample[])[], context: CheckContext): Sample[] {
  const turns = shuffled(
    stories.flatMap((samples, index) => samples.map(() => index)),
    context,
  );
  const queues = stories.map((samples) => [...samples]);
  return turns.flatMap((turn) => queues[turn]?.shift() ?? []);
}
