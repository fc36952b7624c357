import { X509Certificate } from 'node:crypto';
import { ContentError } from '../errors.ts';

const PEM_CERTIFICATE =
  /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;

/**
 * The certificates of a file of `--ca`, which Node would ignore where it finds none in it.
 * @throws {ContentError} for a file without a PEM certificate, or with one that cannot be read
 */
export function authoritiesOf(bytes: Buffer, path: string): string {
  const text = bytes.toString('latin1');
  const certificates = text.match(PEM_CERTIFICATE) ?? [];
  if (certificates.length === 0)
    throw fault(path, {
      found: isDer(bytes) ? 'a certificate in DER' : 'none',
      hint: isDer(bytes)
        ? `convert it: openssl x509 -inform der -in ${path} -out ca.pem`
        : 'a PEM certificate begins with -----BEGIN CERTIFICATE-----',
    });
  for (const [index, certificate] of certificates.entries())
    if (!isReadable(certificate))
      throw fault(path, { found: `certificate ${index + 1} of ${certificates.length} damaged` });
  return text;
}

/** A DER certificate is an ASN.1 sequence. */
function isDer(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && bytes[1] === 0x82;
}

function isReadable(certificate: string): boolean {
  try {
    new X509Certificate(certificate).checkHost('localhost');
    return true;
  } catch {
    return false;
  }
}

function fault(path: string, { found, hint }: { found: string; hint?: string }): ContentError {
  const expected = 'PEM certificates of the authorities to trust';
  return new ContentError(path, {
    where: 'the beginning',
    expected,
    found,
    ...(hint === undefined ? {} : { hint }),
  });
}
