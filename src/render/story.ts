import type { Scenario } from '../scenario/load.ts';
import { onTimeLine } from '../scenario/time-line.ts';
import type { EventIdentity, EventRenderer, EventSource, RenderedEvent } from './event-source.ts';
import { exactTimeMarker, Placeholders } from './placeholders.ts';
import type { TemplateRenderer } from './renderer.ts';
import { compileMarked, wantedOf, type EventTemplate, type TemplateOptions } from './template.ts';

/** A step of a scenario, ready to be rendered for any story. */
export interface StepTemplate {
  readonly template: EventTemplate;
  /** When it happens, in milliseconds from the beginning of its story. */
  readonly offsetMs: number;
}

/**
 * Prepares the steps of a scenario. Rendered, they are to the byte what `buildScenario` (with `storyIds`) and
 * `composePayload` make.
 * @throws {UsageError} as `compileTemplate`
 */
export function compileStory(scenario: Scenario, options: TemplateOptions): StepTemplate[] {
  const placeholders = new Placeholders();
  const documents = onTimeLine(scenario, 0, exactTimeMarker(placeholders));
  return scenario.steps.map(({ event, offsetMs }, index) => {
    const document = documents[index] as (typeof documents)[number];
    const marked = { name: event, document, placeholders, countedFromMs: -offsetMs };
    return { template: compileMarked(marked, options), offsetMs };
  });
}

/**
 * A scenario told again and again, each time to its end and about another person. The events of a story share their ids
 * and one time line, whenever they are sent: so the time given to `render` has no effect on them. Steps that the webhook
 * does not want are left out.
 * @param beginMs - when a story begins, milliseconds since 1970; all times of its events are told from there
 * @throws {UsageError} when nothing is left
 */
export function storySource(steps: readonly StepTemplate[], beginMs: (story: number) => number): EventSource {
  const wanted = wantedOf(steps, ({ template }) => template.verdict);
  return {
    count: Number.POSITIVE_INFINITY,
    together: wanted.length,
    createRenderer: () => new StoryRenderer(wanted, beginMs),
  };
}

class StoryRenderer implements EventRenderer {
  readonly #steps: readonly StepTemplate[];
  readonly #beginMs: (story: number) => number;
  readonly #renderers: readonly TemplateRenderer[];

  constructor(steps: readonly StepTemplate[], beginMs: (story: number) => number) {
    this.#steps = steps;
    this.#beginMs = beginMs;
    this.#renderers = steps.map(({ template }) => template.createRenderer());
  }

  render(eventNumber: number): RenderedEvent {
    const { length } = this.#steps;
    const story = Math.floor(eventNumber / length);
    const { offsetMs } = this.#steps[eventNumber % length] as StepTemplate;
    const atMs = Math.floor(this.#beginMs(story)) + offsetMs;
    return this.#rendererOf(eventNumber).render({ event: eventNumber, story }, atMs);
  }

  identify(eventNumber: number): EventIdentity {
    return this.#rendererOf(eventNumber).identify(eventNumber);
  }

  #rendererOf(eventNumber: number): TemplateRenderer {
    return this.#renderers[eventNumber % this.#renderers.length] as TemplateRenderer;
  }
}
