import { isIPv4 } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  NEW_SOURCE_ADDRESS,
  OLD_SOURCE_ADDRESSES,
  SOURCE_ADDRESSES,
} from '../../src/persona/source-addresses.ts';
import { runCli, shown } from '../helpers/run-cli.ts';

const all = Object.values(SOURCE_ADDRESSES).flat();

test('each documented address is valid, and is listed once', () => {
  expect(all.filter((address) => !isIPv4(address))).toEqual([]);
  expect(new Set(all).size).toBe(22);
  expect(all).toEqual(expect.arrayContaining([...OLD_SOURCE_ADDRESSES, NEW_SOURCE_ADDRESS]));
});

describe('hookcast addresses', () => {
  const linesOf = async (...flags: string[]) => {
    const { code, stdout, stderr } = await runCli(['addresses', ...flags]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trimEnd().split('\n');
  };

  test('lists the addresses with region and source', async () => {
    const lines = await linesOf();
    expect(lines).toHaveLength(23);
    expect(lines[0]).toBe('35.232.44.140    United States');
    expect(lines.at(-1)).toBe("Source: Persona's security page, 2026");
  });

  test('prints JSON with the source and a region per address', async () => {
    const { source, addresses } = JSON.parse((await linesOf('--format', 'json')).join('\n'));
    expect(source).toBe("Persona's security page, 2026");
    expect(addresses.map(({ address }: { address: string }) => address)).toEqual(all);
    expect(addresses[12]).toEqual({ address: '35.246.155.45', region: 'Germany' });
  });

  test('prints rules for nginx, and CIDR ranges', async () => {
    const nginx = await linesOf('--format', 'nginx');
    expect([nginx[1], nginx.at(-1)]).toEqual(['allow 35.232.44.140; # United States', 'deny all;']);
    expect(await linesOf('--format', 'cidr')).toEqual(all.map((address) => `${address}/32`));
  });

  test('refuses an unknown format', async () => {
    expect(shown(await runCli(['addresses', '--format', 'xml']))).toMatchInlineSnapshot(`
      "error: --format xml: expected one of list, json, nginx, cidr
      (see: hookcast addresses --help)
      exit code 2
      "
    `);
  });
});
