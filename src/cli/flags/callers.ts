import { UsageError } from '../../errors.ts';
import { httpUrl, shownUrl } from '../../text/http-url.ts';

/** `https://app.example:8080`, as browsers say it. @throws {UsageError} */
export function checkedOrigin(text: string): string {
  const origin = httpUrl(text)?.origin;
  if (origin === text) return text;
  const guess = origin === undefined ? '' : `; did you mean ${origin}?`;
  throw new UsageError(
    `--cors-origin ${shownUrl(text)}: expected an origin such as http://localhost:5173${guess}`,
  );
}

const HOST = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i;

/** `hook.example`, as the header Host has it, without its port. @throws {UsageError} */
export function checkedHost(text: string): string {
  if (HOST.test(text)) return text;
  const host = text.replace(/^[a-z]+:\/\//i, '').replace(/[:/].*$/, '');
  const guess = HOST.test(host) ? `; did you mean ${host}?` : '';
  throw new UsageError(
    `--allowed-host ${shownUrl(text)}: expected a name such as hook.example, without scheme and port${guess}`,
  );
}
