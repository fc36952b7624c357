import type { Webhook } from '../api/records.ts';

type Shaping = Pick<
  Webhook,
  'api-version' | 'api-key-inflection' | 'included-allowlist' | 'relationship-allowlist' | 'payload-filter'
>;

/** Persona's own convention is kebab case. */
const KEYS = {
  kebab: 'keys as name-last',
  camel: 'keys renamed: nameLast for name-last',
  snake: 'keys renamed: name_last for name-last',
} as const;

interface Allowlist {
  readonly state: string;
  readonly relationships?: readonly string[];
}

/** What a webhook makes of every event, beside its blocklist. */
export function shapeOf(webhook: Shaping): readonly string[] {
  const facts = [
    `in the words of version ${webhook['api-version']}`,
    KEYS[webhook['api-key-inflection']],
    includedText(webhook['included-allowlist'] as Allowlist | null),
    relationshipsText(webhook['relationship-allowlist'] as Allowlist | null),
    webhook['payload-filter'] === null ? '' : 'only events that pass the payload filter',
  ];
  return facts.filter((fact) => fact !== '');
}

function includedText(list: Allowlist | null): string {
  if (list?.state === 'include_none') return 'related objects left out';
  return list?.state === 'custom' ? 'related objects as the included allowlist has them' : '';
}

function relationshipsText(list: Allowlist | null): string {
  if (list?.state === 'include_none') return 'relationships left out';
  if (list?.state !== 'include_some') return '';
  return `relationships left out, except ${list.relationships?.join(', ') ?? ''}`;
}
