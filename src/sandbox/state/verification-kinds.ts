import {
  array,
  fromValue,
  member,
  object,
  stringAt,
  withMember,
  type JsonNode,
  type JsonObject,
} from '../../json/node.ts';
import { PERSON_FIELDS } from '../../persona/api.ts';
import { objectAt, withBlank, withOnly, withRelations, withValues } from './edit.ts';
import { relatedId } from './store.ts';
import type { Story, StoryEvent } from './story.ts';

/** Verifications that can be simulated, by what a person hands in for them. */
export const VERIFICATION_KINDS = ['government-id', 'document', 'selfie', 'database'] as const;
export type VerificationKind = (typeof VERIFICATION_KINDS)[number];
export type VerificationResult = 'passed' | 'failed';

/** A resource as it begins, and then what each event changes. */
type Stages = readonly JsonObject[];

export interface Kind {
  /** Events of what is handed in, in their order; none where nothing is. */
  readonly proofEvents: readonly string[];
  readonly proof: (story: Story) => Stages;
  /** The relationship of the inquiry that holds it. */
  readonly relation: 'documents' | 'selfies' | undefined;
  /** The field that points to it, and how. */
  readonly field: string | undefined;
  /** The verification: created, submitted, and its result. */
  readonly stages: (story: Story, inquiry: JsonObject, result: VerificationResult) => Stages;
  /** The template that it is simulated with unless a seed has one. */
  readonly template: (story: Story) => string;
}

const DOCUMENT_EVENTS = ['document.created', 'document.submitted', 'document.processed'] as const;
const SELFIE_EVENTS = ['selfie.created', 'selfie.submitted', 'selfie.processed'] as const;

export const KINDS: Readonly<Record<VerificationKind, Kind>> = {
  'government-id': {
    proofEvents: DOCUMENT_EVENTS,
    proof: (story) => told(story, DOCUMENT_EVENTS),
    relation: 'documents',
    field: 'current-government-id',
    stages: (story, _, result) =>
      told(story, ['verification.created', 'verification.submitted', `verification.${result}`]),
    template: (story) => templateOf(story.included('inquiry.completed', 'verification/government-id')),
  },
  document: {
    proofEvents: DOCUMENT_EVENTS,
    proof: (story) => genericDocument(story),
    relation: 'documents',
    field: undefined,
    stages: (story, _, result) =>
      derived(completed(story.subject('verification.tentatively-passed')), {
        result,
        handedIn: /^(submitted-at|files$)/,
      }),
    template: (story) => templateOf(story.subject('verification.tentatively-passed')),
  },
  selfie: {
    proofEvents: SELFIE_EVENTS,
    proof: (story) => told(story, SELFIE_EVENTS),
    relation: 'selfies',
    field: 'current-selfie',
    stages: (story, _, result) =>
      derived(story.included('inquiry.completed', 'verification/selfie'), {
        result,
        handedIn: /^submitted-at|photo|capture-method/,
      }),
    template: (story) => templateOf(story.included('inquiry.completed', 'verification/selfie')),
  },
  database: {
    proofEvents: [],
    proof: () => [],
    relation: undefined,
    field: undefined,
    stages: (story, inquiry, result) =>
      derived(databaseVerification(story, inquiry), {
        result,
        handedIn: /^(submitted-at|name-|birthdate|phone-|email-|address-)/,
      }),
    template: () => DATABASE_TEMPLATE,
  },
};

function templateOf(verification: JsonObject): string {
  return relatedId(verification, 'verification-template') ?? '';
}

/** As the fixtures tell it: the first document, and what each later event changes. */
function told(story: Story, [first, ...later]: readonly StoryEvent[]): Stages {
  return first === undefined ? [] : [story.subject(first), ...later.map((event) => story.change(event))];
}

interface Derivation {
  readonly result: VerificationResult;
  /** The attributes that are known as soon as it is handed in. */
  readonly handedIn: RegExp;
}

/** Taken back from the only state that the fixtures have: the last. */
function derived(done: JsonObject, { result, handedIn }: Derivation): Stages {
  const attributes = objectAt(done, 'attributes');
  const later = withOnly(attributes, (key) => !/^created-at/.test(key));
  const checked = result === 'passed' ? later : withMember(later, 'checks', failing(member(later, 'checks')));
  return [
    opened(done),
    changing(
      withOnly(attributes, (key) => handedIn.test(key)),
      'submitted',
    ),
    changing(checked, result),
  ];
}

const KEPT = /^(status|created-at|created-at-ts|redacted-at|country-code|tags|kind|from-reusable-persona)$/;

/** As it begins: what is found out later is still empty. */
function opened(done: JsonObject): JsonObject {
  return withValues(
    withBlank(done, (key) => KEPT.test(key)),
    { status: 'initiated' },
  );
}

/** What changes when it gets this status. */
function changing(attributes: JsonObject, status: string): JsonObject {
  return object([{ key: 'attributes', value: withMember(attributes, 'status', fromValue(status)) }]);
}

/** The fixtures have it with a result that is not final yet; here it is. */
function completed(verification: JsonObject): JsonObject {
  const attributes = objectAt(verification, 'attributes');
  return withValues(verification, {
    'completed-at': member(attributes, 'submitted-at'),
    'completed-at-ts': member(attributes, 'submitted-at-ts'),
  });
}

/** The first required check fails. */
function failing(checks: JsonNode | undefined): JsonNode {
  const items = checks?.kind === 'array' ? checks.items : [];
  const place = items.findIndex((item) => stringAt(item, 'requirement') === 'required');
  return array(
    items.map((item, index) =>
      index === place && item.kind === 'object'
        ? withMember(
            withMember(item, 'status', fromValue('failed')),
            'reasons',
            fromValue(['low_confidence_match']),
          )
        : item,
    ),
  );
}

/** A document that is not an id, from opened to read. */
function genericDocument(story: Story): Stages {
  const sample = story.included('verification.tentatively-passed', 'document/generic');
  const done = withRelations(sample, { 'document-files': [] });
  const attributes = objectAt(done, 'attributes');
  const files = withOnly(attributes, (key) => key === 'files');
  return [
    opened(done),
    changing(files, 'submitted'),
    object([{ key: 'attributes', value: withOnly(attributes, (key) => key !== 'created-at') }]),
  ];
}

/** Ours: the fixtures have none of this kind. */
const DATABASE_TEMPLATE = 'vtmpl_DatabaseSampLeSampLeSamp';

/** OPENAPI schema verification-database: attributes beside what the person entered. */
const NOT_ENTERED = [
  ...['normalized-address-street-1', 'normalized-address-street-2', 'normalized-address-city'],
  ...['normalized-address-subdivision', 'normalized-address-postal-code', 'identification-number'],
  ...['document-number', 'document-issuing-date', 'document-expiry-date', 'document-issuing-subdivision'],
];
/** DOCS verification checks of the kind. */
const DATABASE_CHECKS = ['address', 'birthdate', 'name'].map((name) => ({
  name: `database_${name}_comparison`,
  status: 'passed',
  reasons: [],
  requirement: 'required',
  metadata: {},
}));

/** Built from what all verifications share: it holds what the person entered against a database. */
function databaseVerification(story: Story, inquiry: JsonObject): JsonObject {
  const sample = completed(story.subject('verification.tentatively-passed'));
  const shared = objectAt(sample, 'attributes').members.filter(({ key }) => IS_SHARED.test(key));
  const fields = objectAt(inquiry, 'attributes', 'fields');
  const entered = PERSON_FIELDS.map((key) => ({
    key,
    value: member(objectAt(fields, key), 'value') ?? fromValue(null),
  }));
  const others = NOT_ENTERED.map((key) => ({ key, value: fromValue(null) }));
  const attributes = object([...shared, ...entered, ...others]);
  const relationships = objectAt(sample, 'relationships').members.filter(({ key }) => key !== 'document');
  const bare = object([
    { key: 'type', value: fromValue('verification/database') },
    { key: 'id', value: member(sample, 'id') ?? fromValue(null) },
    { key: 'attributes', value: withMember(attributes, 'checks', fromValue(DATABASE_CHECKS)) },
    { key: 'relationships', value: object(relationships) },
  ]);
  const version = {
    type: 'verification-template-version/database',
    id: 'vtmplv_DatabaseSampLeSampLeSamp',
  };
  return withRelations(bare, { 'verification-template-version': version });
}

const IS_SHARED = /^(status|(created|submitted|completed)-at(-ts)?|redacted-at|country-code|tags|checks)$/;
