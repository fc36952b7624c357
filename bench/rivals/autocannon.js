// autocannon with one constant signed body.
import autocannon from 'autocannon';
import { CONCURRENCY, sampleBody, sampleHeaders } from '../lib/sample.js';

const body = await sampleBody();
autocannon({
  url: process.env.BENCH_URL,
  method: 'POST',
  connections: CONCURRENCY,
  duration: 60,
  body,
  headers: sampleHeaders(body),
});
