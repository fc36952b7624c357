import type { InquiryRules } from '../../server/sandbox/inquiry-rules.ts';
import { ApiError } from './client.ts';

const KEY = 'hookcast-sandbox-key';
/** Let in by every sandbox whose seed file names no key of its own. */
const USUAL_KEY = 'persona_sandbox_inspector';

interface Resource<Attributes> {
  readonly id: string;
  readonly attributes: Attributes;
}

/** As far as it is shown. */
export type Inquiry = Resource<{
  readonly status: string;
  readonly 'reference-id': string | null;
  readonly 'created-at': string;
  readonly 'decisioned-at'?: string | null;
  readonly 'expires-at'?: string | null;
  readonly 'redacted-at'?: string | null;
  readonly note: string | null;
  readonly creator: string | null;
}>;

export type { InquiryRules };
export type InquiryOperation = keyof InquiryRules['created'];

export interface Answer<Data> {
  readonly data: Data;
  readonly meta?: { readonly 'one-time-link'?: string };
}

export function keepSandboxKey(key: string): void {
  sessionStorage.setItem(KEY, key);
}

/** Asks the stand-in for Persona's REST API, which the same server has. @throws {ApiError} */
export async function askSandbox<Data>(
  path: string,
  { method = 'GET', body, signal }: { method?: 'GET' | 'POST'; body?: unknown; signal?: AbortSignal } = {},
): Promise<Answer<Data>> {
  const response = await fetch(`/api/v1${path}`, {
    ...{ method, cache: 'no-store', signal: signal ?? null },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${sessionStorage.getItem(KEY) ?? USUAL_KEY}`,
      'key-inflection': 'kebab',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(messageIn(text, response.status), { status: response.status });
  return JSON.parse(text) as Answer<Data>;
}

/** In Persona's form, or in that of the server around it. */
function messageIn(text: string, status: number): string {
  try {
    const { errors, detail } = JSON.parse(text) as {
      errors?: readonly { title?: string; details?: string }[];
      detail?: string;
    };
    const [first] = errors ?? [];
    return first?.details ?? first?.title ?? detail ?? `the sandbox answered ${status}`;
  } catch {
    return `the sandbox answered ${status}: ${text.slice(0, 200)}`;
  }
}
