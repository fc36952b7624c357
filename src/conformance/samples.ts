import { buildEvent, type IdMap } from '../event/build.ts';
import type { Fixture } from '../fixture/load.ts';
import { array, at, mapScalars, stringAt, toValue, type JsonNode, type JsonObject } from '../json/node.ts';
import { jsonIn, serialise } from '../json/text.ts';
import { composePayload } from '../payload/compose.ts';
import type { Check, CheckContext, Sample, SampleOptions } from './check.ts';
import type { SuiteContext } from './create-context.ts';
import { defaultEventOf } from './kit/effects.ts';
import { editAt, INCLUDED } from './kit/rewrite.ts';
import { DEFAULT_REFERENCE_TEMPLATE, personNumbers, referenceIdFrom, subjectOf } from './person.ts';

/** Ids of its sample, so that a later event can be about the same person and objects. */
const idsOf = new WeakMap<Sample, IdMap>();

/** Builds the events of one check. Each is about a person of its own unless it is `about` another. */
export function sampleSource(suite: SuiteContext, checkId?: Check['id']): CheckContext['sample'] {
  const nextNumber = personNumbers(checkId);
  return async (name, { about, at: happened, isUnknown, isWhole, ...options }: SampleOptions = {}) => {
    const fixture = await fixtureFor(suite, name, isWhole);
    const { payload, random, clock } = suite;
    const known = about === undefined ? undefined : idsOf.get(about);
    const ids: IdMap = new Map(known ?? newPerson(suite, fixture, nextNumber()));
    const atMs = happened?.getTime() ?? Math.floor(clock.now());
    const event = buildEvent(fixture, { ...options, random, ids, atMs });
    const { body, document } = composePayload(event, payload);
    const subject = subjectOf(event.name, event.document);
    if (known === undefined && isUnknown !== true) await suite.create?.(subject);
    const sample = { event, eventId: event.id, ...subject, document, body };
    idsOf.set(sample, ids);
    return sample;
  };
}

/** One reference-id for all that the fixture names. */
function newPerson({ referenceTemplate, random }: SuiteContext, fixture: Fixture, n: number): IdMap {
  const referenceId = referenceIdFrom(referenceTemplate ?? DEFAULT_REFERENCE_TEMPLATE, { random, n });
  return new Map([...referenceIdsIn(fixture)].map((text) => [text, referenceId]));
}

const referenceIds = new WeakMap<Fixture, ReadonlySet<string>>();

/** The sample's own person, with others of the same story: a fixture's account has the same reference-id. */
function referenceIdsIn(fixture: Fixture): ReadonlySet<string> {
  const known = referenceIds.get(fixture);
  if (known !== undefined) return known;
  const found = new Set<string>();
  mapScalars(fixture.document, (leaf, key) => {
    if (key === 'reference-id' && typeof leaf.value === 'string') found.add(leaf.value);
    return leaf;
  });
  referenceIds.set(fixture, found);
  return found;
}

async function fixtureFor(
  { fixture, settings, learnt }: SuiteContext,
  name = learnt?.usualEvent ?? defaultEventOf(settings.enabledEvents),
  isWhole = false,
): Promise<Fixture> {
  const whole = await fixture(name);
  return isWhole ? whole : plainFixture(whole);
}

const plainFixtures = new WeakMap<Fixture, Fixture>();

/**
 * The same event with one related object at most, and none that JavaScript would spell otherwise: a receiver that
 * prints the body again before it verifies accepts it, so that RAW says what is wrong and the rest is judged, too.
 */
function plainFixture(fixture: Fixture): Fixture {
  const known = plainFixtures.get(fixture);
  if (known !== undefined) return known;
  const included = at(fixture.document, ...INCLUDED);
  const items = included?.kind === 'array' ? included.items.filter(isPlain).slice(0, 1) : [];
  const document = included === undefined ? fixture.document : withIncluded(fixture.document, items);
  const plain = { ...fixture, document };
  plainFixtures.set(fixture, plain);
  return plain;
}

function withIncluded(document: JsonObject, items: readonly JsonNode[]): JsonObject {
  return editAt(document, INCLUDED, () => array([...items])) as JsonObject;
}

function isPlain(node: JsonNode): boolean {
  return serialise(node) === JSON.stringify(toValue(node));
}

/** Ids are read where the body is JSON and has them; a check may well send something else. */
export function sampleOf(given: Buffer | string): Sample {
  const body = Buffer.from(given);
  const node = jsonIn(body);
  const eventId = stringAt(node, 'data', 'id') ?? '';
  const name = stringAt(node, 'data', 'attributes', 'name') ?? '';
  const document = node?.kind === 'object' ? node : { kind: 'object' as const, members: [] };
  const event = { id: eventId, name, createdAtMs: 0, document };
  return { event, eventId, ...subjectOf(name, document), document: node ?? document, body };
}
