import {
  API_VERSIONS,
  KEY_INFLECTIONS,
  type ApiVersion,
  type KeyInflection,
} from '../../persona/contract.ts';
import { didYouMean } from '../../text/nearest.ts';
import { ApiError } from '../errors.ts';

/** @throws {ApiError} 400 for a version that never existed */
export function readVersion(header: string | null, fallback: ApiVersion): ApiVersion {
  if (header === null || header === '') return fallback;
  const known = API_VERSIONS.find((version) => version === header.trim());
  if (known !== undefined) return known;
  throw new ApiError(
    400,
    `Persona-Version ${printable(header)} does not exist: known are ${API_VERSIONS.join(', ')}${didYouMean(header, API_VERSIONS)}`,
  );
}

/** @throws {ApiError} 400 */
export function readInflection(header: string | null): KeyInflection {
  if (header === null || header === '') return 'kebab';
  const known = KEY_INFLECTIONS.find((inflection) => inflection === header.trim().toLowerCase());
  if (known !== undefined) return known;
  throw new ApiError(
    400,
    `Key-Inflection ${printable(header)} does not exist: known are ${KEY_INFLECTIONS.join(', ')}`,
  );
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
