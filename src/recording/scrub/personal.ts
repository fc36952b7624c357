import { prefixOfId } from '../../persona/ids.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import type { KeyPath } from '../../json/replace-scalars.ts';

/**
 * Texts are personal unless their key says otherwise: an attribute that was not foreseen must not get out.
 * What stays is the structure: ids, types, states, codes of versions, times of events.
 */
const STRUCTURAL_KEY =
  /^(?:id|type|types|status|kind|resource|environment|redaction-policy|sync-mode|page|capture-method|resolution|locale|match-types?|list-types?|signal-type|requirement)$|-(?:id|at|at-ts|type|types|status|class|classes|score|level|reputation|version|policy|method|mode|relationship-key)$|^(?:account-type-name|workflow-name|report-template-version-name|(?:next|previous)-step-name)$/;

/** Ids of a person with somebody else, and ids that are people's. */
const PERSONAL_ID =
  /(?:^|-)(?:facebook|linkedin|twitter|instagram|github|vendor|identification|tax|national|government|passport|device)-id$/;

/** Numbers are harmless (scores, counts, sizes) unless their key is one of these. */
const PERSONAL_NUMBER =
  /latitude|longitude|^(?:lat|lng|lon|day|month|year|value|number|height|weight|age)$|birth|social-security|identification|phone|postal|street|-number$|-last-4$/;

/** In these all that is not a type is about the person. */
const PERSONAL_BRANCH: ReadonlySet<string> = new Set(['fields', 'address', 'addresses', 'source-data']);

/** The names and reasons of checks are Persona's own words. */
const WORDS_OF_CHECKS: ReadonlySet<string> = new Set(['name', 'reasons', 'status', 'requirement']);

const PERSONAL_VALUE = /@|^\d{1,3}(?:\.\d{1,3}){3}$|^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}$/i;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/;

/** Is this text about a person, as far as its place and its form say? */
export function isPersonalText(value: string, path: KeyPath): boolean {
  if (value === '' || prefixOfId(value) !== undefined) return false;
  if (PERSONAL_VALUE.test(value)) return true;
  const keys = path.map(canonicalKey);
  return isPersonalKey(keys.at(-1) ?? '', keys) && !(isTimeKey(keys.at(-1)) && TIME.test(value));
}

function isPersonalKey(key: string, keys: readonly string[]): boolean {
  if (isEventName(keys) || key === 'type' || key === 'id') return false;
  if (keys.includes('checks') && WORDS_OF_CHECKS.has(key)) return false;
  if (PERSONAL_ID.test(key) || isTimeKey(key)) return true;
  return isInPersonalBranch(keys) || !STRUCTURAL_KEY.test(key);
}

/** When something happened to an object; a time of a person has another name. */
function isTimeKey(key = ''): boolean {
  return key.endsWith('-at');
}

export function isPersonalNumber(path: KeyPath): boolean {
  const keys = path.map(canonicalKey);
  return isInPersonalBranch(keys) || PERSONAL_NUMBER.test(keys.at(-1) ?? '');
}

/** `data.attributes.name` is the event's name: nothing else stands so high. */
function isEventName(keys: readonly string[]): boolean {
  return keys.join('.') === 'data.attributes.name';
}

function isInPersonalBranch(keys: readonly string[]): boolean {
  return keys.slice(0, -1).some((key) => PERSONAL_BRANCH.has(key));
}
