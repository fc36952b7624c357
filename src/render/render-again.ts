import { HookcastError } from '../errors.ts';
import type { FixtureLibrary } from '../fixture/load.ts';
import type { RenderBody } from '../journal/load-ledger.ts';
import { configureWebhook } from '../webhook/configure.ts';
import { createEventSource } from './create-event-source.ts';
import type { EventRenderer } from './event-source.ts';
import type { RunRecipe } from './run-recipe.ts';

/** The events of a load run cannot be rendered as they were. */
export class RenderError extends HookcastError {
  override name = 'RenderError' as const;

  constructor(reason: string, options?: ErrorOptions) {
    super('RENDER', `its body cannot be rendered again: ${reason}`, options);
  }
}

/** Renders bodies again, of any load run. */
export function bodyRenderer(library: FixtureLibrary): RenderBody {
  const renderers = new Map<string, Promise<EventRenderer>>();
  return async ({ event, atMs, eventId }, run) => {
    if (run === undefined) throw new RenderError('the journal has no record of its load run');
    const known = renderers.get(run) ?? rendererOf(run, library);
    renderers.set(run, known);
    const rendered = (await known).render(event, atMs);
    if (rendered.eventId !== eventId) throw new RenderError('its event has another id now');
    return Buffer.from(rendered.body);
  };
}

async function rendererOf(run: string, library: FixtureLibrary): Promise<EventRenderer> {
  const { source: recipe, attributes, extras, digest } = JSON.parse(run) as RunRecipe;
  const source = await createEventSource(recipe, {
    library,
    webhook: configureWebhook(attributes, extras),
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RenderError(reason, { cause: error });
  });
  if (source.digest() === digest) return source.createRenderer();
  throw new RenderError(
    'fixtures have changed since its load run; use the version of hookcast and the files it was made with',
  );
}
