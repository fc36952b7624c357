import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { RemoteAddressError } from '../../src/http/private-addresses.ts';
import { commandOracle, httpOracle } from '../../src/conformance/oracles.ts';
import type { Oracle } from '../../src/conformance/oracle.ts';
import { httpServer } from '../helpers/servers.ts';

const print = (text: string) => `printf '%s' '${text}'`;

async function messageOf(oracle: Oracle): Promise<string> {
  return oracle.read().then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error'),
  );
}

test('an oracle command may print counts of events and states of objects', async () => {
  const oracle = commandOracle(print('{"evt_1":{"processed":2},"inq_1":{"status":"approved"}}'));
  const reading = await oracle.read();
  expect([reading.processed('evt_1'), reading.processed('evt_2')]).toEqual([2, 0]);
  expect([reading.status('inq_1'), reading.status('inq_2')]).toEqual(['approved', undefined]);
});

test('a list of ids counts each id once per occurrence', async () => {
  const reading = await commandOracle(print('["evt_1","evt_2","evt_1"]')).read();
  expect(['evt_1', 'evt_2', 'constructor'].map((id) => reading.processed(id))).toEqual([2, 1, 0]);
});

test('an oracle URL is asked with GET', async () => {
  await using server = await httpServer(({ method }, response) => {
    response.end(JSON.stringify({ evt_1: { processed: method === 'GET' ? 1 : 9 } }));
  });
  expect((await httpOracle(server.url).read()).processed('evt_1')).toBe(1);
});

test('whether an oracle tells states is known from its answers, or from the user', async () => {
  const silent = commandOracle(print('{"evt_1":{"processed":1}}'));
  await silent.read();
  const telling = commandOracle(print('{"inq_1":{"status":null}}'));
  const before = telling.tellsState;
  await telling.read();
  const told = commandOracle(print('{}'), { tellsState: true });
  expect([silent.tellsState, before, telling.tellsState, told.tellsState]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test.each([
  ['{"evt_1":{"processed":"two"}}', 'at evt_1.processed: expected a number, found "two"'],
  ['{"evt_1":{"processed":-1}}', 'at evt_1.processed: expected a number of at least 0, found -1'],
  ['{"evt_1":{"count":1}}', 'at evt_1.count: expected no such member, found 1'],
  [
    '{"evt_1":{}}',
    'at evt_1: expected {"processed": <count>} for an event or {"status": "<status>"} for an object, found an object',
  ],
  ['[1]', 'at [0]: expected a string, found 1'],
  ['"ok"', 'at the top level: expected an object, found "ok"'],
  ['ok', "not JSON: line 1, column 1: unexpected character 'o'"],
])('%s is refused with the place, what was found and what was expected', async (text, reason) => {
  expect(await messageOf(commandOracle(print(text)))).toBe(
    `OracleError: the oracle '${print(text)}': ${reason}`,
  );
});

test.each([
  ['exit 3', {}, 'expected exit code 0, found 3'],
  ['echo no database >&2; exit 1', {}, 'expected exit code 0, found 1 (no database)'],
  ['exec sleep 30', { timeoutMs: 20 }, 'no answer within 20 ms'],
])('an oracle command that fails (%s) breaks the run', async (command, options, reason) => {
  expect(await messageOf(commandOracle(command, options))).toBe(
    `OracleError: the oracle '${command}': ${reason}`,
  );
});

test('an oracle URL that fails breaks the run', async () => {
  await using server = await httpServer((_, response) => response.writeHead(500).end('{}'));
  await using silent = await httpServer(() => undefined);
  const { href } = server.url;
  expect(await messageOf(httpOracle(server.url))).toBe(
    `OracleError: the oracle ${href}: expected status 200, found 500`,
  );
  expect(await messageOf(httpOracle(silent.url, { timeoutMs: 20 }))).toContain('no answer within 20 ms');
  expect(await messageOf(httpOracle(new URL('http://127.0.0.1:1/')))).toContain('cannot be asked: ');
});

describe('an oracle URL obeys the rules of all connections', () => {
  test.each(['http://203.0.113.5:8080/oracle', 'http://169.254.169.254/oracle', 'http://[2001:db8::1]/'])(
    '%s is not asked',
    async (url) => {
      await expect(httpOracle(new URL(url)).read()).rejects.toBeInstanceOf(RemoteAddressError);
    },
  );

  test('credentials in it are refused, and not shown', () => {
    const ask = () => httpOracle(new URL('http://user:topsecret@127.0.0.1:1/x'));
    expect(ask).toThrow('the URL of the oracle has a user name or password in it, which is not sent');
    expect(ask).not.toThrow('topsecret');
  });

  test('redirects are not followed', async () => {
    await using server = await httpServer(({ url }, response) => {
      if (url === '/there') response.end('{}');
      else response.writeHead(302, { Location: 'http://u:p@127.0.0.1:9/there?secret#\u00e9' }).end();
    });
    expect(await messageOf(httpOracle(server.url))).toBe(
      `OracleError: the oracle ${server.url.href}: expected status 200, found 302, a redirect to ` +
        'http://127.0.0.1:9/there, which is not followed',
    );
  });

  test('an endless answer is cut off at 16 MiB', async () => {
    await using server = await httpServer((_, response) => {
      const push = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
        if (!response.destroyed) response.once('drain', push);
      };
      push();
    });
    expect(await messageOf(httpOracle(server.url))).toContain(': its answer is larger than 16 MiB');
  });

  test('a compressed answer is read up to 16 MiB', async () => {
    const bodies = [Buffer.from('{"evt_1":{"processed":3}}'), Buffer.alloc(17 * 1_048_576, ' ')];
    await using server = await httpServer((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(bodies.shift()!));
    });
    expect((await httpOracle(server.url).read()).processed('evt_1')).toBe(3);
    expect(await messageOf(httpOracle(server.url))).toContain(': its answer is larger than 16 MiB');
  });
});
