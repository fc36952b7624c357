import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { MODEL_SECRET, ModelReceiver } from '../mutants/model-receiver.ts';

test('node:test runs conformanceTests from the built package', async () => {
  await using model = await new ModelReceiver().start();
  await using folder = await temporaryFolder();
  const module = new URL('../../dist/library/vitest.js', import.meta.url).href;
  const options = { url: model.url, secret: MODEL_SECRET, only: ['ACK-01', 'SIG-04', 'IDEM-02'] };
  const file = await folder.write(
    'receiver.test.mjs',
    `import { test } from 'node:test';
import { conformanceTests } from ${JSON.stringify(module)};
conformanceTests({ test, ...${JSON.stringify(options)} });
`,
  );
  // Nothing else: variables of the run around it would change what node does.
  const env = { PATH: process.env['PATH'] };
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env,
  });
  expect(stdout).toContain('ok 1 - ACK-01 Genuine event is acknowledged');
  expect(stdout).toContain('ok 2 - SIG-04 Body whitespace changed');
  expect(stdout).toContain('ok 3 - IDEM-02 Duplicate has no second effect # SKIP');
  expect(stdout).toContain('# fail 0');
});
