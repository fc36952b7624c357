import { expect, test } from 'vitest';
import { isCredentialHeader } from '../../src/text/credential-header.ts';

test.each([
  'Authorization',
  'proxy-authorization',
  'X-Auth',
  'X-Authentication-Code',
  'x_oauth',
  'Cookie',
  'Set-Cookie',
  'X-Auth-Token',
  'Api_Key',
  'X-ApiKey',
  'X-Key',
  'client-secret',
  'X-Password',
  'X-Passwd',
  'AWS-Credentials',
  'X-Session-Id',
  'X-Signature',
])('%s is a credential', (name) => {
  expect(isCredentialHeader(name)).toBe(true);
});

test.each([
  'Persona-Signature',
  'persona-webhook-attempts-made',
  'WWW-Authenticate',
  'Proxy-Authenticate',
  ':authority',
  'Author',
  'X-Co-Authored-By',
  'X-Team',
  'User-Agent',
  'Content-Type',
  'Idempotent',
  'Keep-Alive',
])('%s is not a credential', (name) => {
  expect(isCredentialHeader(name)).toBe(false);
});
