// Writes docs/openapi.json and the list in docs/serve.md out of the table of routes; test/server/openapi.test.ts says
// when they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { openApiOf } from '../dist/server/api/openapi.js';
import { ROUTES } from '../dist/server/routes/index.js';

const OPTIONS = { printWidth: 110, singleQuote: true };

// The version of the package is left to the running server, so that a release does not change this file.
const description = openApiOf(ROUTES, { version: '0' });
writeFileSync('docs/openapi.json', await format(JSON.stringify(description), { ...OPTIONS, parser: 'json' }));

const rows = ROUTES.map(({ method, path, summary }) => `| \`${method} ${path}\` | ${summary} |`);
const list = ['| route | does |', '| --- | --- |', ...rows].join('\n');
const page = readFileSync('docs/serve.md', 'utf8');
const changed = page.replace(
  /(<!-- routes -->\n)[^]*?(\n<!-- end of routes -->)/,
  (_, from, to) => `${from}\n${list}\n${to}`,
);
writeFileSync('docs/serve.md', await format(changed, { ...OPTIONS, parser: 'markdown' }));
