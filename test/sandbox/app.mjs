// A small app as users write it: it creates an inquiry, keeps what webhooks say, and sweeps for what they missed.
import { createServer } from 'node:http';
import { createHmac, timingSafeEqual } from 'node:crypto';

/** @param fetchImplementation - a client that takes a fetch of its own */
export async function startApp({ baseUrl, secret, fetch: fetchImplementation = fetch, loses = () => false }) {
  const people = new Map();
  const inquiries = new Map();
  const seen = new Set();
  const api = async (method, path, body) => {
    const response = await fetchImplementation(`${baseUrl}${path}`, {
      method,
      headers: { Authorization: 'Bearer persona_sandbox_app', 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.errors[0].details ?? answer.errors[0].title);
    return answer;
  };
  const learn = ({ id, attributes }) => {
    const person = attributes['reference-id'];
    // Only the newest inquiry of a person counts.
    if (inquiries.get(person) === id) people.set(person, attributes.status);
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const { data } = JSON.parse(body);
      if (!isSigned(request.headers['persona-signature'], body, secret()))
        return response.writeHead(401).end();
      if (loses(data)) return response.writeHead(500).end();
      if (!seen.has(data.id) && data.attributes.name.startsWith('inquiry.'))
        learn(data.attributes.payload.data);
      seen.add(data.id);
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    statusOf: (person) => people.get(person),
    async verify(person, lastName) {
      const attributes = {
        'inquiry-template-id': 'itmpl_inquiryTempLateSampLeSam',
        'reference-id': person,
        fields: { 'name-last': lastName },
      };
      const { data } = await api('POST', '/inquiries', { data: { attributes } });
      inquiries.set(person, data.id);
      return data.id;
    },
    api,
    async sweep() {
      for (const [person] of inquiries) {
        const { data } = await api('GET', `/inquiries?filter[reference-id]=${person}`);
        for (const inquiry of data) learn(inquiry);
      }
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function isSigned(header, body, secret) {
  const { t, v1 } = Object.fromEntries(
    header
      .split(' ')[0]
      .split(',')
      .map((part) => part.split('=')),
  );
  const expected = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
  return timingSafeEqual(Buffer.from(v1), Buffer.from(expected));
}
