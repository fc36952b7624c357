import { serialise, serialisePretty } from '../../json/text.ts';
import type { Check, CheckContext } from '../check.ts';
import { mustAccept } from '../kit/expect.ts';
import { addMembers, field, FIELDS } from '../kit/rewrite.ts';
import { searchBodies, valueText, type GeneratedBody, type Generator } from '../kit/search-bodies.ts';

export const GENERATED_SPELLINGS: Check = {
  id: 'RAW-11',
  slug: 'generated-spellings',
  title: 'Generated spellings',
  sends: 'genuine events whose fields have generated keys and values, in any spelling that JSON allows',
  requirement: 'accepts every one of them: what is signed right is genuine, whatever its spelling',
  level: 'should',
  basis: 'general practice',
  source: 'RFC 8259; Persona, Webhook Best Practices: verify the raw body',
  run: (context) =>
    searchBodies(context, {
      samples: spellings,
      build: (spelling) => build(context, spelling),
      judge: (exchange) => mustAccept(exchange, context, 'a genuine event in any spelling'),
    }),
};

interface Spelling {
  readonly layout: keyof typeof LAYOUTS;
  readonly fields: readonly { readonly isIntegerLike: boolean; readonly text: string }[];
}

const LAYOUTS = {
  compact: serialise,
  'pretty-printed': serialisePretty,
  'compact, a newline at the end': (node: Parameters<typeof serialise>[0]) => `${serialise(node)}\n`,
};

function spellings(fc: Generator) {
  return fc.record<Spelling>({
    layout: fc.constantFrom(...(Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[])),
    fields: fc.array(fc.record({ isIntegerLike: fc.boolean(), text: valueText(fc) }), { maxLength: 5 }),
  });
}

async function build(context: CheckContext, { layout, fields }: Spelling): Promise<GeneratedBody> {
  // Integer-like keys count down: the order that JavaScript does not keep.
  const members = fields.map(({ isIntegerLike, text }, index) =>
    field(isIntegerLike ? String(99 - index) : `generated${index}`, text),
  );
  const plain = await context.sample();
  const document = addMembers(plain.document, FIELDS, members);
  const sample = { ...plain, document, body: Buffer.from(LAYOUTS[layout](document)) };
  const added = members.map((entry) => `"${entry.key}":${serialise(entry.value)}`).join(',');
  const fieldsSaid = added === '' ? 'no field added' : `${added} added to its fields`;
  return { sample, difference: `a genuine event, ${layout}, with ${fieldsSaid}` };
}
