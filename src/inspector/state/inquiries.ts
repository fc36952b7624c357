import { signal } from '@preact/signals';
import { ApiError, messageOf } from '../api/client.ts';
import { askSandbox, type Inquiry } from '../api/sandbox.ts';

/** `closed`: the seed file names a key. `absent`: this server has no sandbox. */
export type InquiriesState =
  | { readonly kind: 'loading' | 'closed' | 'absent' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'loaded'; readonly inquiries: readonly Inquiry[] };

export const inquiries = signal<InquiriesState>({ kind: 'loading' });

const PAGE = 100;

/** The newest of them. */
export async function loadInquiries(): Promise<void> {
  try {
    const { data } = await askSandbox<readonly Inquiry[]>(`/inquiries?page[size]=${PAGE}`);
    inquiries.value = { kind: 'loaded', inquiries: data };
  } catch (error) {
    inquiries.value = stateOf(error);
  }
}

function stateOf(error: unknown): InquiriesState {
  const status = error instanceof ApiError ? error.problem.status : undefined;
  if (status === 401) return { kind: 'closed' };
  if (status === 404) return { kind: 'absent' };
  return { kind: 'failed', message: messageOf(error) };
}

/** An inquiry of the first template, about a person of this name. Returns its id. */
export async function startInquiry(referenceId: string): Promise<string> {
  const templates = await askSandbox<readonly { readonly id: string }[]>('/inquiry-templates');
  const attributes = {
    'inquiry-template-id': templates.data[0]?.id ?? '',
    ...(referenceId === '' ? {} : { 'reference-id': referenceId }),
  };
  const { data } = await askSandbox<Inquiry>('/inquiries', {
    method: 'POST',
    body: { data: { attributes } },
  });
  await loadInquiries();
  return data.id;
}

/** `approve`, `decline`, … */
export async function decide(id: string, decision: string): Promise<void> {
  await askSandbox(`/inquiries/${encodeURIComponent(id)}/${decision}`, { method: 'POST', body: {} });
  await loadInquiries();
}

interface SimulateAction {
  readonly type: string;
  readonly data?: { readonly 'verification-template-id': string };
}

/** What a person at the camera would do. */
export async function simulate(id: string, action: SimulateAction): Promise<void> {
  const body = { meta: { 'simulate-actions': [action] } };
  const path = `/inquiries/${encodeURIComponent(id)}/perform-simulate-actions`;
  await askSandbox(path, { method: 'POST', body });
  await loadInquiries();
}

/** An address at which the person would do it by hand. */
export async function hostedPageOf(id: string): Promise<string> {
  const path = `/inquiries/${encodeURIComponent(id)}/generate-one-time-link`;
  const { meta } = await askSandbox<Inquiry>(path, { method: 'POST', body: {} });
  return meta?.['one-time-link'] ?? '';
}
