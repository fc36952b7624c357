import { UsageError } from '../errors.ts';
import type { Scenario } from '../scenario/load.ts';
import { hasReferenceId, withReferenceId } from '../scenario/reference-id.ts';
import { onTimeLine } from '../scenario/time-line.ts';
import { describeVerdict } from '../webhook/verdict.ts';
import type { EventIdentity, EventRenderer, EventSource, RenderedEvent } from './event-source.ts';
import { exactTimeMarker, Placeholders } from './placeholders.ts';
import type { TemplateRenderer } from './renderer.ts';
import { compileMarked, type EventTemplate, type TemplateOptions } from './template.ts';

/** A step of a scenario, ready to be rendered for any story. */
export interface StepTemplate {
  readonly template: EventTemplate;
  /** When it happens, in milliseconds from the beginning of its story. */
  readonly offsetMs: number;
}

/**
 * Prepares the steps of a scenario. Rendered, they are to the byte what `buildScenario` (with `storyIds`) and
 * `composePayload` make.
 * @throws {UsageError} for a reference id where no event is about a person, and as `compileTemplate`
 */
export function compileStory(
  scenario: Scenario,
  { referenceId, ...options }: Omit<TemplateOptions, 'overrides'>,
): StepTemplate[] {
  const { name, steps } = scenario;
  if (referenceId !== undefined && !steps.some(({ fixture }) => hasReferenceId(fixture.document))) {
    throw new UsageError(`\`referenceId\` ${referenceId}: no event of ${name} has a reference-id`);
  }
  const placeholders = new Placeholders();
  const documents = onTimeLine(scenario, 0, exactTimeMarker(placeholders));
  return steps.map(({ event, offsetMs }, index) => {
    const timed = documents[index] as (typeof documents)[number];
    const document = referenceId === undefined ? timed : withReferenceId(timed, referenceId);
    const template = compileMarked(
      { name: event, document, placeholders, countedFromMs: -offsetMs },
      options,
    );
    return { template, offsetMs };
  });
}

export interface StorySourceOptions {
  /** When a story begins, milliseconds since 1970. All times of its events are told from there. */
  readonly beginMs: (story: number) => number;
  /** How many stories there are. @default Infinity */
  readonly stories?: number | undefined;
  /**
   * How many stories are told side by side: all of them have their first event before one has its second.
   * @default 1, which tells each story to its end
   */
  readonly sideBySide?: number | undefined;
}

/**
 * A scenario told again and again, each time about another person. The events of a story share their ids and one
 * time line, whenever they are sent: so the time given to `render` has no effect on them. Steps that the webhook
 * does not want are left out. @throws {UsageError} when nothing is left
 */
export function storySource(steps: readonly StepTemplate[], options: StorySourceOptions): EventSource {
  const wanted = steps.filter(({ template }) => template.verdict.kind === 'deliver');
  if (wanted.length === 0) throw nothingLeft(steps);
  const { stories = Number.POSITIVE_INFINITY, sideBySide = 1 } = options;
  if (!Number.isInteger(sideBySide) || sideBySide < 1)
    throw new UsageError(`${sideBySide} stories side by side: expected 1 or more`);
  const plan: Plan = { steps: wanted, beginMs: options.beginMs, stories, sideBySide };
  return {
    count: stories * wanted.length,
    together: sideBySide * wanted.length,
    createRenderer: () => new StoryRenderer(plan),
  };
}

interface Plan extends Required<Pick<StorySourceOptions, 'beginMs'>> {
  readonly steps: readonly StepTemplate[];
  readonly stories: number;
  readonly sideBySide: number;
}

/** Which step of which story the event of a number is. The last stories may be fewer than the others at a time. */
export function placeInStories(
  eventNumber: number,
  { steps, stories, sideBySide }: { steps: number; stories: number; sideBySide: number },
): { story: number; step: number } {
  const first = Math.floor(eventNumber / (steps * sideBySide)) * sideBySide;
  const width = Math.min(sideBySide, stories - first);
  const rest = eventNumber - first * steps;
  return { story: first + (rest % width), step: Math.floor(rest / width) };
}

class StoryRenderer implements EventRenderer {
  readonly #plan: Plan;
  readonly #layout: { steps: number; stories: number; sideBySide: number };
  readonly #renderers: readonly TemplateRenderer[];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#layout = { ...plan, steps: plan.steps.length };
    this.#renderers = plan.steps.map(({ template }) => template.createRenderer());
  }

  render(eventNumber: number): RenderedEvent {
    const { story, step } = placeInStories(eventNumber, this.#layout);
    const { offsetMs } = this.#plan.steps[step] as StepTemplate;
    const renderer = this.#renderers[step] as TemplateRenderer;
    return renderer.render({ event: eventNumber, story }, Math.floor(this.#plan.beginMs(story)) + offsetMs);
  }

  identify(eventNumber: number): EventIdentity {
    const { step } = placeInStories(eventNumber, this.#layout);
    return (this.#renderers[step] as TemplateRenderer).identify(eventNumber);
  }
}

function nothingLeft(steps: readonly StepTemplate[]): UsageError {
  const reasons = new Set(steps.flatMap(({ template }) => describeVerdict(template.verdict) ?? []));
  return new UsageError(`nothing to send: ${[...reasons].join('; ')}`);
}
