import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { authoritiesOf } from '../../src/http/authorities.ts';
import { LOCALHOST_CERTIFICATE } from '../helpers/certificate.ts';

const PEM = LOCALHOST_CERTIFICATE;
const DER = new X509Certificate(PEM).raw;

test('certificates are read as they are, including text around them', () => {
  const bundle = `# ours\n${PEM}\n${PEM}`;
  expect(authoritiesOf(Buffer.from(bundle), 'ca.pem')).toBe(bundle);
});

test.each([
  ['{"a":1}', 'found none (a PEM certificate begins with -----BEGIN CERTIFICATE-----)'],
  ['', 'found none (a PEM certificate begins with -----BEGIN CERTIFICATE-----)'],
  [DER, 'found a certificate in DER (convert it: openssl x509 -inform der -in ca.pem -out ca.pem)'],
  [`${PEM}${PEM.replace(/\n[^-\n]{20}/, '\n')}`, 'found certificate 2 of 2 damaged'],
])('a file without a certificate is refused (%#)', (content, found) => {
  expect(() => authoritiesOf(Buffer.from(content), 'ca.pem')).toThrow(
    `ca.pem: at the beginning: expected PEM certificates of the authorities to trust, ${found}`,
  );
});
