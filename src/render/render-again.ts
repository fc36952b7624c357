import { HookcastError } from '../errors.ts';
import type { FixtureLibrary } from '../fixture/load.ts';
import type { RenderBody } from '../journal/load-ledger.ts';
import { configureWebhook } from '../webhook/configure.ts';
import { createEventSource } from './create-event-source.ts';
import type { EventRenderer } from './event-source.ts';
import type { RunRecipe } from './run-recipe.ts';

/** The allocator uses those of this size again; larger ones it takes from the system anew, page by page. */
const PIECE_BYTES = 64 * 1024;

/** The events of a load run cannot be rendered as they were. */
export class RenderError extends HookcastError {
  override name = 'RenderError' as const;

  constructor(reason: string, options?: ErrorOptions) {
    super('RENDER', `its body cannot be rendered again: ${reason}`, options);
  }
}

/** Renders bodies again, of any load run; without a promise once the run's renderer is there. */
export function bodyRenderer(library: FixtureLibrary): RenderBody {
  const renderers = new Map<string, EventRenderer>();
  const copy = bodyCopier();
  const render = (renderer: EventRenderer, { event, atMs, eventId }: Parameters<RenderBody>[0]) => {
    const rendered = renderer.render(event, atMs);
    if (rendered.eventId !== eventId) throw new RenderError('its event has another id now');
    return copy(rendered.body);
  };
  return (event, run) => {
    const known = renderers.get(run ?? '');
    if (known !== undefined) return render(known, event);
    return rendererOf(run, library).then((renderer) => {
      renderers.set(run ?? '', renderer);
      return render(renderer, event);
    });
  };
}

/** Copies bodies into pieces of memory that many share: Node allocates each of their size by itself, at a price. */
function bodyCopier(): (body: Buffer) => Buffer {
  let piece: Buffer = Buffer.alloc(0);
  let used = 0;
  return (body) => {
    if (used + body.length > piece.length) {
      piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, body.length));
      used = 0;
    }
    const copy = piece.subarray(used, used + body.length);
    used += body.copy(copy);
    return copy;
  };
}

async function rendererOf(run: string | undefined, library: FixtureLibrary): Promise<EventRenderer> {
  if (run === undefined) throw new RenderError('the journal has no record of its load run');
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
