import type { Secret } from './secret.ts';

/**
 * The value of `Persona-Signature`: one set `t=…,v1=…` for each secret, separated by one space.
 * Each `v1` is the lower-case hex HMAC-SHA256 over `<t>.<body>`, keyed with the whole secret string.
 * Source: Persona, Webhook Best Practices, checking signatures.
 * @param secrets - the newest first, as during a rotation
 * @param timestampSeconds - when the request is sent, unix seconds
 * @example sign(body, [new Secret('wbhsec_…')], 1764686826) // 't=1764686826,v1=db10…'
 */
export function sign(body: Uint8Array, secrets: readonly Secret[], timestampSeconds: number): string {
  const t = String(timestampSeconds);
  let value = '';
  for (const secret of secrets)
    value += `${value === '' ? '' : ' '}t=${t},v1=${secret.key.hex(`${t}.`, body)}`;
  return value;
}
