import { UsageError } from '../errors.ts';
import type { Fixture } from '../fixture/load.ts';
import { composePayload, type Payload } from '../payload/compose.ts';
import { newId } from '../persona/ids.ts';
import { stringAt } from '../json/node.ts';
import { compileNamed, type NamedTemplate } from '../render/template.ts';
import { buildOne } from './deliver.ts';
import type { EventOptions, SimulatorDeps } from './deps.ts';

/** An event as a webhook's receiver gets it. */
export interface ComposedEvent extends Omit<Payload, 'document'> {
  readonly id: string;
  readonly name: string;
  /** Makes the body once more, for who does not keep it; absent where that is not possible. */
  readonly bodyAgain?: (() => Buffer) | undefined;
}

/**
 * What is known of the events of a fixture: it was built once, which named its objects; its template; or that its
 * events have none.
 */
export type TemplatesByFixture = WeakMap<Fixture, 'named' | NamedTemplate | 'none'>;

interface NextEvent {
  readonly name: string;
  readonly options?: EventOptions | undefined;
}

export async function composeNext(
  deps: SimulatorDeps,
  templates: TemplatesByFixture,
  { name, options = {} }: NextEvent,
): Promise<ComposedEvent> {
  const fixture = plainFixture(options);
  const quick = fixture && render(deps, templates, fixture);
  if (quick !== undefined) return quick;
  const event = await buildOne(deps, name, options);
  if (fixture !== undefined && templates.get(fixture) !== 'none') templates.set(fixture, 'named');
  return { ...composePayload(event, deps.webhook.payload), id: event.id, name: event.name };
}

/** The fixture of an event that is to be like all others of it. */
function plainFixture({ fixture, overrides = [], ...others }: EventOptions): Fixture | undefined {
  const isPlain = overrides.length === 0 && Object.values(others).every((value) => value === undefined);
  return isPlain && typeof fixture === 'object' ? fixture : undefined;
}

/** Undefined where the event has to be built. */
function render(
  deps: SimulatorDeps,
  templates: TemplatesByFixture,
  fixture: Fixture,
): ComposedEvent | undefined {
  const template = templateOf(deps, templates, fixture);
  const atMs = Math.floor(deps.clock.now());
  if (template?.fits(deps.ids, atMs) !== true) return undefined;
  const id = newId('evt', deps.random);
  deps.ids.set(stringAt(fixture.document, 'data', 'id') ?? '', id);
  const bodyAgain = () => template.render(id, atMs);
  return { ...template.payload, id, name: fixture.name, body: bodyAgain(), bodyAgain };
}

/** Compiled for the second event: who sends one must not pay for it. */
function templateOf(
  { ids, webhook }: SimulatorDeps,
  templates: TemplatesByFixture,
  fixture: Fixture,
): NamedTemplate | undefined {
  const known = templates.get(fixture);
  if (known === undefined || known === 'none') return undefined;
  if (known !== 'named') return known;
  const compiled = compiledOf(fixture, ids, webhook);
  templates.set(fixture, compiled ?? 'none');
  return compiled;
}

function compiledOf(fixture: Fixture, ids: SimulatorDeps['ids'], webhook: SimulatorDeps['webhook']) {
  try {
    return compileNamed(fixture, ids, webhook);
  } catch (error) {
    // A payload-filter that looks at what differs between events.
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
