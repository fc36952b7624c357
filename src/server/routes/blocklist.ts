import * as z from 'zod';
import { applyBlocklist, parseBlocklist } from '../../payload/blocklist/apply.ts';
import { route } from '../api/route.ts';
import { json } from './answers.ts';

const bodySchema = z
  .strictObject({
    entries: z.array(z.string().max(1_000)).max(1_000),
    event: z.string().min(1).max(200).optional().meta({ description: 'Default: inquiry.approved.' }),
    webhook: z.string().min(1).max(200).optional().meta({ description: 'Whose ids. Default: default.' }),
  })
  .meta({ id: 'BlocklistToPreview' });

const answerSchema = z
  .object({
    event: z.string(),
    removed: z.array(z.object({ path: z.string(), entry: z.string() })),
    unmatched: z.array(z.string()),
  })
  .meta({ id: 'BlocklistPreview' });

const SAMPLE_EVENT = 'inquiry.approved';

export const BLOCKLIST_ROUTES = [
  route({
    ...{ method: 'POST', path: '/v1/blocklist-preview', name: 'previewBlocklist', isRead: true },
    summary: 'What a blocklist would take out of an event; changes nothing',
    body: bodySchema,
    answers: { 200: json(answerSchema, 'The members, and the entries that matched nothing.') },
    handle: async ({ body }, state) => {
      const blocklist = parseBlocklist(body.entries);
      const { simulator } = state.webhooks.get(body.webhook ?? 'default');
      const name = body.event ?? SAMPLE_EVENT;
      const event = await simulator.rehearsal().build(name, { fixture: await state.fixture(name) });
      const { removed, unmatched } = applyBlocklist(event.document, blocklist);
      return { status: 200, json: { event: name, removed: [...removed], unmatched: [...unmatched] } };
    },
  }),
];
