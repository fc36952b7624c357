// A delivery as one writes it first: p-retry around clone, validate, stringify, HMAC, and a request with a signal.
import { createHmac, randomUUID } from 'node:crypto';
import pRetry from 'p-retry';
import { request } from 'undici';
import * as z from 'zod';
import { CONCURRENCY, sampleBody, sampleHeaders, SECRET } from '../lib/sample.js';

const body = await sampleBody();
const headers = sampleHeaders(body);
const sample = JSON.parse(body.toString());
const schema = z.looseObject({
  data: z.looseObject({
    type: z.literal('event'),
    id: z.string(),
    attributes: z.looseObject({ name: z.string(), 'created-at': z.string(), payload: z.looseObject({}) }),
  }),
});

async function deliver() {
  const event = structuredClone(sample);
  event.data.id = `evt_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
  event.data.attributes['created-at'] = new Date().toISOString();
  const body = JSON.stringify(schema.parse(event));
  await pRetry(async () => {
    const t = Math.floor(Date.now() / 1000);
    const v1 = createHmac('sha256', SECRET).update(`${t}.${body}`).digest('hex');
    const { statusCode, body: answer } = await request(process.env.BENCH_URL, {
      method: 'POST',
      headers: { ...headers, 'Persona-Signature': `t=${t},v1=${v1}` },
      body,
      signal: AbortSignal.timeout(5_000),
    });
    await answer.dump();
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  });
}

async function slot() {
  for (;;) await deliver();
}
await Promise.all(Array.from({ length: CONCURRENCY }, slot));
