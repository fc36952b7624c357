// undici's Pool.dispatch with one constant signed body and no limit of its own: the most that undici's pool does.
import { Pool } from 'undici';
import { Secret, sign } from '../../dist/index.js';
import { CONCURRENCY, sampleBody, SECRET } from '../lib/sample.js';

const { origin, pathname } = new URL(process.env.BENCH_URL);
const body = await sampleBody();
const pool = new Pool(origin, { connections: CONCURRENCY, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
const options = {
  method: 'POST',
  path: pathname,
  headers: {
    'content-type': 'application/json',
    'user-agent': 'rival',
    'persona-signature': sign(body, [new Secret(SECRET)], 1_764_686_826),
  },
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
