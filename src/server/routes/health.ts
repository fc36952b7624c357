import * as z from 'zod';
import { route, json } from '../api/route.ts';
import { HEALTH } from '../health.ts';

const healthSchema = z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' });

export const HEALTH_ROUTES = [
  route({
    ...{ method: 'GET', path: '/healthz', name: 'getHealth' },
    summary: 'Is the process up?',
    answers: { 200: json(healthSchema, 'It is.') },
    handle: () => HEALTH,
  }),
  route({
    ...{ method: 'GET', path: '/readyz', name: 'getReadiness' },
    summary: 'Does it take deliveries?',
    answers: { 200: json(healthSchema, 'It does.') },
    handle: (_, { journal }) => {
      journal?.throwIfBroken();
      return HEALTH;
    },
  }),
];
