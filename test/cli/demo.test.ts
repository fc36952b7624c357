import { expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

test('the demo shows a delivery that fails by timeout, 500, redirect and reset and then succeeds', async () => {
  const { code, stdout } = await runCli(['demo']);
  expect(code).toBe(0);
  const words = [
    'no answer within 5 s',
    '500 Internal Server Error',
    '301 Moved Permanently',
    'connection reset',
    '200 OK',
  ];
  const places = words.map((word) => stdout.indexOf(word));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  expect(stdout).toContain('found 5 of 5 signatures valid');
});
