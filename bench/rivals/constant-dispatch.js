// undici's Pool.dispatch with one constant signed body and no limit of its own: the most that undici's pool does.
import { Pool } from 'undici';
import { CONCURRENCY, sampleBody, sampleHeaders } from '../lib/sample.js';

const { origin, pathname } = new URL(process.env.BENCH_URL);
const body = await sampleBody();
const pool = new Pool(origin, { connections: CONCURRENCY, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
const options = {
  method: 'POST',
  path: pathname,
  headers: sampleHeaders(body),
  body,
};

class Handler {
  onRequestStart() {}
  onResponseStart() {}
  onResponseData() {}
  onResponseEnd() {
    pool.dispatch(options, this);
  }
  onResponseError(_, error) {
    throw error;
  }
}
for (let slot = 0; slot < CONCURRENCY; slot += 1) pool.dispatch(options, new Handler());
