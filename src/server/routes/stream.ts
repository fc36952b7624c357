import * as z from 'zod';
import { ProblemError, REFUSED } from '../api/problem.ts';
import { route } from '../api/route.ts';
import { STREAMS_MAX } from '../stream/event-stream.ts';

export const STREAM_ROUTES = [
  route({
    ...{ method: 'GET', path: '/v1/stream', name: 'streamEvents' },
    summary: 'What happens, as server-sent events',
    query: z.object({
      types: z
        .string()
        .regex(/^(?:delivery|attempt|webhook)(?:,(?:delivery|attempt|webhook))*$/, {
          error: "'delivery', 'attempt' and 'webhook', separated by commas",
        })
        .optional()
        .meta({ description: "'delivery', 'attempt' and 'webhook', separated by commas. Default: all." }),
      webhook: z.string().min(1).optional().meta({ description: 'An id or alias. Default: all.' }),
    }),
    headers: z.object({
      'Last-Event-ID': z
        .string()
        .optional()
        .meta({ description: 'What came after this one is sent first, as far as it is kept.' }),
    }),
    answers: {
      200: { description: 'Events with ids; a comment every 15 s.', mediaType: 'text/event-stream' },
    },
    handle: ({ query, request }, { streams, webhooks }) => {
      const webhookId = query.webhook === undefined ? undefined : webhooks.get(query.webhook).id;
      const lastId = Number(request.headers.get('last-event-id') ?? 'NaN');
      const response = streams.open({
        ...{ types: query.types?.split(','), webhookId, lastId },
        onCut: () => request.hangUp?.(),
      });
      if (response !== undefined) return response;
      throw new ProblemError(REFUSED.tooManyStreams, `${STREAMS_MAX} streams are open already; close one`);
    },
  }),
];
