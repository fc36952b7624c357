import * as z from 'zod';
import { route } from '../api/route.ts';
import { packageVersion } from '../version.ts';
import { json } from './answers.ts';

const healthSchema = z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' });

const health = { status: 200, json: { status: 'ok', version: packageVersion() } };

export const HEALTH_ROUTES = [
  route({
    ...{ method: 'GET', path: '/healthz', name: 'getHealth' },
    summary: 'Is the process up?',
    answers: { 200: json(healthSchema, 'It is.') },
    handle: () => health,
  }),
  route({
    ...{ method: 'GET', path: '/readyz', name: 'getReadiness' },
    summary: 'Does it take deliveries?',
    answers: { 200: json(healthSchema, 'It does.') },
    handle: (_, { journal }) => {
      journal?.throwIfBroken();
      return health;
    },
  }),
];
