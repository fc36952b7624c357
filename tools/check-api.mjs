// Holds the sandbox against Persona's official description of its API, which is not part of this repository: every answer of
// every route in every version, every example request, and every mutation of one that the description refuses.
// Usage: npm run check:api -- <openapi dir>
import { checkApi } from './spec/check-api.mjs';

const [openapi] = process.argv.slice(2);
if (openapi === undefined) {
  console.error('usage: npm run check:api -- <openapi dir>');
  process.exit(2);
}

const { answers, examples, mutations, faults } = await checkApi(openapi);
for (const fault of faults) console.log(fault);
console.log(`answers valid: ${answers.passed} of ${answers.passed + answers.failed}`);
console.log(`example requests accepted: ${examples.passed} of ${examples.passed + examples.failed}`);
console.log(`mutated requests refused: ${mutations.passed} of ${mutations.passed + mutations.failed}`);
const all = [answers, examples, mutations];
process.exitCode = all.every(({ passed, failed }) => passed > 0 && failed === 0) ? 0 : 1;
