// Writes docs/coverage.md from the sandbox's table of routes.
import { writeFileSync } from 'node:fs';
import { coveragePage } from '../dist/sandbox/coverage.js';

writeFileSync(new URL('../docs/coverage.md', import.meta.url), coveragePage());
