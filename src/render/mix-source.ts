import type { EventIdentity, EventRenderer, EventSource, RenderedEvent } from './event-source.ts';
import { Picker, type Mix } from './mix.ts';
import type { TemplateRenderer } from './renderer.ts';
import { wantedOf, type EventTemplate } from './template.ts';

/**
 * Events of many names, each a story of its own. What the webhook does not want is left out, and the others keep
 * their proportions. @throws {UsageError} when nothing is left
 */
export function mixSource({ shares }: Mix, templates: readonly EventTemplate[], seed: number): EventSource {
  const wanted = wantedOf(templates, ({ verdict }) => verdict);
  const shareOf = new Map(shares.map(({ name, share }) => [name, share]));
  const picker = new Picker(
    wanted.map(({ name }) => shareOf.get(name) ?? 0),
    seed,
  );
  return { count: Number.POSITIVE_INFINITY, createRenderer: () => new MixRenderer(wanted, picker) };
}

class MixRenderer implements EventRenderer {
  readonly #templates: readonly EventTemplate[];
  readonly #picker: Picker;
  /** Made when first needed: a mix may have far more names than a slot meets. */
  readonly #renderers: (TemplateRenderer | undefined)[];
  readonly #numbers = { event: 0, story: 0 };

  constructor(templates: readonly EventTemplate[], picker: Picker) {
    this.#templates = templates;
    this.#picker = picker;
    this.#renderers = templates.map(() => undefined);
  }

  render(eventNumber: number, atMs: number): RenderedEvent {
    this.#numbers.event = eventNumber;
    this.#numbers.story = eventNumber;
    return this.#rendererOf(eventNumber).render(this.#numbers, atMs);
  }

  identify(eventNumber: number): EventIdentity {
    return this.#rendererOf(eventNumber).identify(eventNumber);
  }

  #rendererOf(eventNumber: number): TemplateRenderer {
    const index = this.#picker.pick(eventNumber);
    return (this.#renderers[index] ??= (this.#templates[index] as EventTemplate).createRenderer());
  }
}
