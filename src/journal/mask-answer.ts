import type { Outcome } from '../delivery/outcome.ts';
import type { Endpoint } from '../delivery/request.ts';
import type { HttpResponse } from '../ports.ts';
import { isCredentialHeader } from '../text/credential-header.ts';
import { maskText } from '../text/mask.ts';

/** What a receiver knows of us and may repeat: its secrets, and the values of headers that let somebody in. */
export function credentialsOf({ secrets, customHeaders = {} }: Endpoint): readonly string[] {
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
  return maskText(text, [...credentials, ...credentials.map(inLatin1)]) !== text;
}

/** Latin-1 maps bytes to characters one to one. */
function maskedBytes(bytes: Buffer, credentials: readonly string[]): Buffer {
  const text = bytes.toString('latin1');
  const masked = maskText(text, credentials.map(inLatin1));
  return masked === text ? bytes : Buffer.from(masked, 'latin1');
}

function inLatin1(text: string): string {
  return Buffer.from(text).toString('latin1');
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
