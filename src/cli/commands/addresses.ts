import { SOURCE_ADDRESSES } from '../../persona/source-addresses.ts';
import type { CommandContext } from '../context.ts';
import { commandOf, flagsOf, type ValuesOf } from '../flags/flag.ts';

const FORMATS = ['list', 'json', 'nginx', 'cidr'] as const;
type Format = (typeof FORMATS)[number];

const SOURCE = "Persona's security page, 2026";

const EXAMPLES = `
Allow these addresses in a firewall only in addition to checking the signature: lists of addresses change, and
any sender can set X-Forwarded-For.

Examples:
  $ hookcast addresses
  $ hookcast addresses --format nginx > /etc/nginx/persona.conf
`;

const FLAGS = flagsOf(undefined, {
  format: {
    spelling: '--format <format>',
    description: 'how to print them',
    choices: FORMATS,
    default: 'list',
  },
});

export const configure = commandOf({
  flags: [FLAGS],
  help: EXAMPLES,
  run: ({ format }: ValuesOf<typeof FLAGS>, context: CommandContext) => context.print(render(format)),
});

interface Row {
  readonly address: string;
  readonly region: string;
}

function render(format: Format): string {
  const rows: Row[] = Object.entries(SOURCE_ADDRESSES).flatMap(([region, addresses]) =>
    addresses.map((address) => ({ address, region })),
  );
  switch (format) {
    case 'list':
      return [
        ...rows.map(({ address, region }) => `${address.padEnd(15)}  ${region}`),
        `Source: ${SOURCE}`,
      ].join('\n');
    case 'json':
      return JSON.stringify({ source: SOURCE, addresses: rows }, undefined, 2);
    case 'cidr':
      return rows.map(({ address }) => `${address}/32`).join('\n');
    case 'nginx':
      return [
        `# ${SOURCE}`,
        ...rows.map(({ address, region }) => `allow ${address}; # ${region}`),
        'deny all;',
      ].join('\n');
  }
}
