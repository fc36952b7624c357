// autocannon with one constant signed body.
import autocannon from 'autocannon';
import { Secret, sign } from '../../dist/index.js';
import { CONCURRENCY, sampleBody, SECRET } from '../lib/sample.js';

const body = await sampleBody();
autocannon({
  url: process.env.BENCH_URL,
  method: 'POST',
  connections: CONCURRENCY,
  duration: 60,
  body,
  headers: {
    'content-type': 'application/json',
    'persona-signature': sign(body, [new Secret(SECRET)], 1_764_686_826),
  },
});
