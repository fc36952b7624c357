import { expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

test('schedule prints the table of attempts and its source', async () => {
  const run = await runCli(['schedule', '--policy', 'persona-2026']);
  expect(run.stdout).toMatchInlineSnapshot(`
    "persona-2026: 5 s per attempt, accepted: 200, 201, 202, 204
    source: Persona, Webhooks and Webhook Best Practices (2026-02)

    attempt  delay     after the first
    1        -         T+0s
    2        3 s       T+3s
    3        64 s      T+1m 7s
    4        729 s     T+13m 16s
    5        4096 s    T+1h 21m
    6        15625 s   T+5h 41m
    7        46656 s   T+18h 39m
    8        117649 s  T+2d 3h
    "
  `);
});
