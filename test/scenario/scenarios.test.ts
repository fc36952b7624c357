import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import type { Event } from '../../src/event/build.ts';
import { payloadOf } from '../../src/fixture/envelope.ts';
import { at, mapScalars, stringAt, type JsonNode } from '../../src/json/node.ts';
import { serialise } from '../../src/json/text.ts';
import { buildScenario } from '../../src/scenario/build.ts';
import { loadScenario, SCENARIO_NAMES } from '../../src/scenario/load.ts';
import { AT_MS, library } from '../helpers/fixtures.ts';
import { isSample } from '../helpers/sample.ts';

const scenarios = await Promise.all(SCENARIO_NAMES.map((name) => loadScenario(name, library)));
const folder = join(library.directory, 'scenarios');
const jsonFiles = (directory: string) => readdirSync(directory).filter((file) => file.endsWith('.json'));

test('the catalogue and the files agree, both ways', () => {
  const files = jsonFiles(folder).map((file) => file.replace(/\.json$/, ''));
  expect([...SCENARIO_NAMES].sort()).toEqual(files.sort());
});

test('every part is used by a scenario', async () => {
  const texts = await Promise.all(
    SCENARIO_NAMES.map((name) => library.files.read(join(folder, `${name}.json`))),
  );
  const all = texts.map(String).join('\n');
  expect(jsonFiles(join(folder, 'parts')).filter((file) => !all.includes(`"parts/${file}"`))).toEqual([]);
});

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  const events = buildScenario(scenario, { beginMs: AT_MS, random: seededRandom(5) });
  const payloads = events.map(({ document }) => payloadOf(document));

  test('happens in the order of its steps, from its beginning', () => {
    const times = events.map(({ createdAtMs }) => createdAtMs);
    expect(times[0]).toBe(AT_MS);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.map((ms) => ms - AT_MS)).toEqual(scenario.steps.map(({ offsetMs }) => offsetMs));
  });

  test('gives each event an id of its own, and is about one inquiry and one account', () => {
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const text = events.map(({ document }) => serialise(document)).join('\n');
    for (const prefix of ['inq', 'act']) {
      const ids = new Set(text.match(new RegExp(`\\b${prefix}_[1-9A-HJ-NP-Za-km-z]{24,}`, 'g')));
      expect(ids.size).toBeLessThanOrEqual(1);
    }
    expect(text).not.toContain('SampLe');
  });

  test('no body contains anything that happens after it', () => {
    expectNoForesight(events);
  });

  test('whatever the gaps: no foresight, and an object is created once', () => {
    const anyGaps = fc.array(fc.integer({ min: 0, max: 400_000_000 }), {
      minLength: scenario.steps.length,
      maxLength: scenario.steps.length,
    });
    fc.assert(
      fc.property(anyGaps, (gapsMs) => {
        let offsetMs = -(gapsMs[0] ?? 0);
        const steps = scenario.steps.map((step, index) => {
          offsetMs += gapsMs[index] ?? 0;
          return { ...step, offsetMs };
        });
        const stretched = buildScenario({ ...scenario, steps }, { beginMs: AT_MS, random: seededRandom(5) });
        expectNoForesight(stretched);
        const createdAt = new Map<string, Set<string | undefined>>();
        for (const resource of stretched.flatMap(({ document }) => resources(payloadOf(document)))) {
          const [id = '', time] = [stringAt(resource, 'id'), stringAt(resource, 'attributes', 'created-at')];
          createdAt.set(id, (createdAt.get(id) ?? new Set()).add(time));
        }
        expect([...createdAt].filter(([, times]) => times.size > 1)).toEqual([]);
      }),
      { numRuns: isSample ? 5 : 25 },
    );
  });

  test('an object that was once created, finished or decided stays so, at the same time', () => {
    const known = new Map<string, string>();
    for (const resource of payloads.flatMap(resources)) {
      for (const key of ['created-at', 'started-at', 'submitted-at', 'processed-at', 'decisioned-at']) {
        const time = stringAt(resource, 'attributes', key);
        const name = `${String(stringAt(resource, 'id'))} ${key}`;
        if (time !== undefined) expect(known.get(name) ?? time).toBe(time);
        // It may be set later, but what is set does not vanish.
        else expect(known.has(name)).toBe(false);
        if (time !== undefined) known.set(name, time);
      }
    }
  });

  test('every included object is named by a relationship, once', () => {
    for (const payload of payloads) {
      const named = new Set(relatedIds(at(payload, 'data', 'relationships')));
      const included = resources(payload)
        .slice(1)
        .map((item) => stringAt(item, 'id') ?? '');
      expect(included.filter((id) => !named.has(id))).toEqual([]);
      expect(new Set(included).size).toBe(included.length);
    }
  });

  test('inquiries only move forward', () => {
    const ranks: Readonly<Record<string, number>> = {
      ...{ created: 0, pending: 1, completed: 2, failed: 2, expired: 2 },
      ...{ needs_review: 3, approved: 4, declined: 4 },
    };
    const statuses = payloads
      .flatMap(resources)
      .filter((resource) => stringAt(resource, 'type') === 'inquiry')
      .map((resource) => ranks[stringAt(resource, 'attributes', 'status') ?? ''] ?? Number.NaN);
    expect(statuses).toEqual([...statuses].sort((a, b) => a - b));
  });
});

function expectNoForesight(events: readonly Event[]): void {
  for (const { createdAtMs, document } of events) {
    const happened = timesIn(document).filter(({ key }) => !key.endsWith('expires-at'));
    expect(happened.filter(({ ms }) => !(ms <= createdAtMs))).toEqual([]);
  }
}

/** The object that the event is about, then the included ones. */
function resources(payload: JsonNode | undefined): JsonNode[] {
  const included = at(payload, 'included');
  return [at(payload, 'data') as JsonNode, ...(included?.kind === 'array' ? included.items : [])];
}

function relatedIds(relationships: JsonNode | undefined): string[] {
  const ids: string[] = [];
  if (relationships === undefined) return ids;
  mapScalars(relationships, (leaf, key) => {
    if (key === 'id') ids.push(String(leaf.value));
    return leaf;
  });
  return ids;
}

function timesIn(node: JsonNode): { key: string; ms: number }[] {
  const times: { key: string; ms: number }[] = [];
  mapScalars(node, (leaf, key = '') => {
    const { value } = leaf;
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value))
      times.push({ key, ms: Date.parse(value) });
    return leaf;
  });
  return times;
}
