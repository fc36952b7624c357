import { shellQuoted } from './repeat-command.ts';

/** A command for the shell that sends `body.json` with these headers. */
export function curlLine(url: string, headers: Readonly<Record<string, string>>): string {
  const flags = Object.entries(headers)
    .filter(([name]) => name.toLowerCase() !== 'content-length')
    .map(([name, value]) => `-H ${shellQuoted(`${name}: ${value}`)}`);
  return [`curl ${shellQuoted(url)}`, ...flags, '--data-binary @body.json'].join(' \\\n  ');
}
