import { isCredentialHeader } from './credential-header.ts';

/** Stands in output where a secret was. */
export const HIDDEN = '[secret]';

/** Persona's form of a webhook secret. */
const WEBHOOK_SECRET = /wbhsec_[\w+/=-]+/gi;
/** Neither of them looks twice at a character of a long text. */
const URL_LOGIN = /(?<=[a-z0-9+.-]:\/\/)[^\s/?#@]*@/gi;
const URL_PARAMETER = /([?&]([^\s=&#?]+)=)[^\s&#'"]+/g;

/**
 * The text without secrets: webhook secrets, logins in URLs, and every text of `known`, also as it stands in JSON, in a
 * URL, or in Base64. Texts of fewer than 6 characters are not secrets that could be told
 * from other text, and stay.
 */
export function maskText(text: string, known: readonly string[] = []): string {
  const masked = formsOf(known).reduce((all, form) => all.replaceAll(form, HIDDEN), text);
  return masked.replace(WEBHOOK_SECRET, HIDDEN).replace(URL_LOGIN, `${HIDDEN}@`);
}

/** A URL as it may be shown: without its login, and without the values of parameters named like credentials. */
export function maskUrl(url: string): string {
  return maskText(url).replace(URL_PARAMETER, (whole, start: string, name: string) =>
    isCredentialHeader(name) ? start + HIDDEN : whole,
  );
}

const SHORTEST = 6;

/** By the list that they were asked for with: those of a webhook come again with each answer. */
const FORMS = new WeakMap<readonly string[], readonly string[]>();

function formsOf(known: readonly string[]): readonly string[] {
  const forms = FORMS.get(known) ?? listForms(known);
  FORMS.set(known, forms);
  return forms;
}

/** The longest first: one secret may begin like another. */
function listForms(known: readonly string[]): readonly string[] {
  const forms = known
    .filter(({ length }) => length >= SHORTEST)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(Buffer.from(secret).toString()),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** The value of a header as it may be shown: hidden where its name says that it lets somebody in. */
export function maskHeader(name: string, value: string, known: readonly string[] = []): string {
  return isCredentialHeader(name) ? HIDDEN : maskText(value, known);
}

/** Headers as they may be shown. */
export function maskHeaders(
  headers: Readonly<Record<string, string>>,
  known: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, maskHeader(name, value, known)]),
  );
}
