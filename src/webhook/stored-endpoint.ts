import type { Endpoint } from '../delivery/request.ts';
import { Secret, type SigningSecret } from '../signing/sign.ts';
import { isCredentialHeader } from '../text/credential-header.ts';
import type { StoredHeader } from './stored-endpoint-schema.ts';

export interface StoredSecret {
  readonly fingerprint: string;
  readonly expiresAtMs?: number | undefined;
  /** Only where the user asked for that (`--store-secrets`). */
  readonly text?: string | undefined;
}

export interface StoringOptions {
  readonly fingerprintOf: (secret: Secret) => string;
  /** Keep the secrets themselves: whoever reads them can then sign. @default false */
  readonly storeSecrets?: boolean | undefined;
}

/** Secrets and headers by reference: the one place that decides what of them may be written down. */
export function storedCredentials(
  { secrets, customHeaders = {} }: Endpoint,
  { fingerprintOf, storeSecrets = false }: StoringOptions,
): { secrets: StoredSecret[]; headers: StoredHeader[] } {
  return {
    secrets: secrets.map(({ secret, expiresAtMs }) => ({
      fingerprint: fingerprintOf(secret),
      ...(storeSecrets ? { text: secret.reveal() } : {}),
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    })),
    headers: storedHeaders(customHeaders, { fingerprintOf, storeSecrets }),
  };
}

export function storedHeaders(
  headers: Readonly<Record<string, string>>,
  { fingerprintOf, storeSecrets = false }: StoringOptions,
): StoredHeader[] {
  return Object.entries(headers).map(([name, value]) =>
    storeSecrets || !isCredentialHeader(name)
      ? { name, value }
      : { name, fingerprint: fingerprintOf(new Secret(value)) },
  );
}

/** An endpoint again, with the secrets and values of headers that were found for what is written down. */
export function storedEndpoint(
  { url, userAgent }: { readonly url: string; readonly userAgent?: string | undefined },
  secrets: readonly (Pick<StoredSecret, 'expiresAtMs'> & { readonly secret: Secret })[],
  headers: readonly (readonly [name: string, value: string])[],
): Endpoint {
  const signing = secrets.map(({ secret, expiresAtMs }): SigningSecret => ({
    secret,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  }));
  return { url: new URL(url), secrets: signing, customHeaders: Object.fromEntries(headers), userAgent };
}
