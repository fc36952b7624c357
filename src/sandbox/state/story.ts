import { payloadOf } from '../../fixture/envelope.ts';
import { loadFixture, readFixture, type FixtureLibrary } from '../../fixture/load.ts';
import { member, object, stringAt, type JsonNode, type JsonObject } from '../../json/node.ts';
import { difference, objectAt } from './edit.ts';

/**
 * Which event each one follows in the fixtures' story. What a transition changes is the difference of the two, so that
 * the sandbox and the scenarios cannot disagree.
 */
const BEFORE = {
  'inquiry.created': undefined,
  'inquiry.started': 'inquiry.created',
  'inquiry.transitioned': 'inquiry.started',
  'inquiry.completed': 'inquiry.transitioned',
  'inquiry.failed': 'inquiry.transitioned',
  'inquiry.expired': 'inquiry.created',
  'inquiry.marked-for-review': 'inquiry.completed',
  'inquiry.approved': 'inquiry.completed',
  'inquiry.declined': 'inquiry.completed',
  'inquiry.redacted': 'inquiry.approved',
  'inquiry-session.started': undefined,
  'inquiry-session.expired': 'inquiry-session.started',
  'account.created': undefined,
  'account.updated-fields': 'account.created',
  'account.redacted': 'account.updated-fields',
  'document.created': undefined,
  'document.submitted': 'document.created',
  'document.processed': 'document.submitted',
  'selfie.created': undefined,
  'selfie.submitted': 'selfie.created',
  'selfie.processed': 'selfie.submitted',
  'verification.created': undefined,
  'verification.submitted': 'verification.created',
  'verification.passed': 'verification.submitted',
  'verification.failed': 'verification.submitted',
  'verification.tentatively-passed': undefined,
} as const;

export type StoryEvent = keyof typeof BEFORE;

/** The fixtures' story, taken apart: the resources as they begin, and what each transition changes. */
export interface Story {
  /** The resource that the event is about, as the fixture has it. */
  subject(event: StoryEvent): JsonObject;
  /** The first resource of the type (`inquiry-template`, `verification/selfie`) in the event's `included`. */
  included(event: StoryEvent, type: string): JsonObject;
  /** `{attributes, relationships}`: what the event changes in its subject. */
  change(event: StoryEvent): JsonObject;
  /** What the event changes in an included resource. */
  changeIn(event: StoryEvent, type: string): JsonObject;
  /** The report of that type (`report/watchlist`) when it is ready. Read when it is asked for: there are many. */
  report(type: string): Promise<JsonObject>;
}

/** @throws {ContentError | FileError} when a fixture is broken or missing */
export async function loadStory(library: FixtureLibrary): Promise<Story> {
  const names = Object.keys(BEFORE) as StoryEvent[];
  const fixtures = new Map(
    await Promise.all(names.map(async (name) => [name, await readFixture(name, library)] as const)),
  );
  const payload = (event: StoryEvent) => payloadOf(fixtures.get(event)?.().document);
  const subject = (event: StoryEvent) => objectAt(payload(event), 'data');
  const included = (event: StoryEvent, type: string) => firstOf(payload(event), type);
  const between = (event: StoryEvent, pick: (name: StoryEvent) => JsonObject) => {
    const before = BEFORE[event];
    const changed = before === undefined ? pick(event) : difference(pick(before), pick(event));
    return changed?.kind === 'object' ? changed : object([]);
  };
  return {
    subject,
    included,
    change: remembered((event: StoryEvent) => between(event, subject)),
    changeIn: (event, type) => between(event, (name) => included(name, type)),
    report: async (type) =>
      objectAt(payloadOf((await loadFixture(`${type}.ready`, library)).document), 'data'),
  };
}

function firstOf(payload: JsonNode | undefined, type: string): JsonObject {
  const list = member(payload, 'included');
  const items = list?.kind === 'array' ? list.items : [];
  const found = items.find((item) => stringAt(item, 'type') === type);
  return found?.kind === 'object' ? found : object([]);
}

function remembered(compute: (event: StoryEvent) => JsonObject): (event: StoryEvent) => JsonObject {
  const known = new Map<StoryEvent, JsonObject>();
  return (event) => {
    const result = known.get(event) ?? compute(event);
    known.set(event, result);
    return result;
  };
}
