import type { Outcome } from '../delivery/attempt.ts';
import type { Endpoint } from '../delivery/request.ts';
import type { HttpResponse } from '../ports.ts';
import { isCredentialHeader } from '../text/credential-header.ts';
import { maskText } from '../text/mask.ts';

/** Of the endpoints that are in use. */
const CREDENTIALS = new WeakMap<Endpoint, readonly string[]>();

/** What a receiver knows of us and may repeat: its secrets, and the values of headers that let somebody in. */
export function credentialsOf(endpoint: Endpoint): readonly string[] {
  const credentials = CREDENTIALS.get(endpoint) ?? listCredentials(endpoint);
  CREDENTIALS.set(endpoint, credentials);
  return credentials;
}

function listCredentials({ secrets, customHeaders = {} }: Endpoint): readonly string[] {
  const ofHeaders = Object.entries(customHeaders).flatMap(([name, value]) =>
    isCredentialHeader(name) ? [value, value.slice(value.indexOf(' ') + 1)] : [],
  );
  return [...secrets.map(({ secret }) => secret.reveal()), ...ofHeaders];
}

/** An outcome as it may be kept and shown: the answer without our own credentials. Other bytes stay what they are. */
export function maskAnswer(outcome: Outcome, credentials: readonly string[]): Outcome {
  if (outcome.kind !== 'accepted' && outcome.kind !== 'rejected') return outcome;
  const { headers, body } = outcome.response;
  if (!repeatsAny(outcome.response, credentials)) return outcome;
  const masked = { headers: maskedHeaders(headers, credentials), body: maskedBytes(body, credentials) };
  return { ...outcome, response: { ...outcome.response, ...masked } };
}

/** One look at all of an answer: few have anything to hide. */
function repeatsAny({ headers, body }: HttpResponse, credentials: readonly string[]): boolean {
  const text = [...Object.values(headers).flat(), body.toString('latin1')].join('\n');
  return maskText(text, credentials) !== text || maskText(text, inLatin1(credentials)) !== text;
}

/** Latin-1 maps bytes to characters one to one. */
function maskedBytes(bytes: Buffer, credentials: readonly string[]): Buffer {
  const text = bytes.toString('latin1');
  const masked = maskText(text, inLatin1(credentials));
  return masked === text ? bytes : Buffer.from(masked, 'latin1');
}

const IN_LATIN1 = new WeakMap<readonly string[], readonly string[]>();

/** The texts as their UTF-8 looks in Latin-1. */
function inLatin1(texts: readonly string[]): readonly string[] {
  const found = IN_LATIN1.get(texts) ?? texts.map((text) => Buffer.from(text).toString('latin1'));
  IN_LATIN1.set(texts, found);
  return found;
}

function maskedHeaders(
  headers: HttpResponse['headers'],
  credentials: readonly string[],
): HttpResponse['headers'] {
  const mask = (text: string) => maskText(text, credentials);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? mask(value) : value.map(mask),
    ]),
  );
}
