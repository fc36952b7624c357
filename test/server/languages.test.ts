import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { copyFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { httpServer } from '../helpers/servers.ts';
import { BIN } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const run = promisify(execFile);
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const COMMAND = [process.execPath, BIN];
const env = { ...process.env, HOOKCAST_COMMAND: COMMAND.join(' '), HOOKCAST_JOURNAL: '' };

/** In CI a runtime that is missing is a failure: these tests would test nothing. */
function has(program: string, argument = '--version'): boolean {
  return process.env['CI'] === 'true' || spawnSync(program, [argument]).status === 0;
}

const answering = (status: number) =>
  httpServer((request, response) => request.resume().on('end', () => response.writeHead(status).end()));

test.skipIf(!has('python3'))('Python walks the nine attempts, and on, without a sleep', async () => {
  const script = fileURLToPath(new URL('scripts/walk.py', import.meta.url));
  const { stdout } = await run('python3', [script, join(EXAMPLES, 'pytest')], { env });
  const { tookMs, ...found } = JSON.parse(stdout) as Record<string, unknown>;
  expect(found).toEqual({
    ...{ state: 'failed', attempts: 9, sets: [2, 1], edited: true },
    conformance: ['finished', 1, 'hookcast-report/1'],
  });
  expect(tookMs).toBeGreaterThan(0);
});

test.skipIf(!has('rspec'))('the RSpec helper sends and waits', async () => {
  await using receiver = await answering(200);
  await using folder = await temporaryFolder();
  const spec = await folder.write(
    'webhook_spec.rb',
    `require ${JSON.stringify(join(EXAMPLES, 'rspec/hookcast.rb'))}
RSpec.describe 'webhooks' do
  around { |example| @hookcast = Hookcast.new; example.run; @hookcast.stop }
  it 'are delivered' do
    @hookcast.call('POST', '/v1/webhooks', { url: ${JSON.stringify(receiver.url.href)} })
    expect(@hookcast.send_event('inquiry.approved')['state']).to eq 'completed'
    expect { @hookcast.send_event('inquiry.aproved') }.to raise_error(/did you mean inquiry.approved/)
  end
end
`,
  );
  const { stdout } = await run('rspec', [spec], { env });
  expect(stdout).toContain('1 example, 0 failures');
});

test.skipIf(!has('go', 'version'))('the Go helper sends and waits', { timeout: 600_000 }, async () => {
  await using receiver = await answering(200);
  await using folder = await temporaryFolder();
  await copyFile(join(EXAMPLES, 'go/hookcast.go'), join(folder.path, 'hookcast.go'));
  await writeFile(join(folder.path, 'go.mod'), 'module hookcast\n\ngo 1.18\n');
  await folder.write(
    'hookcast_test.go',
    `package hookcast
import "testing"
func TestDelivery(t *testing.T) {
	server, err := Start(${COMMAND.map((word) => JSON.stringify(word)).join(', ')})
	if err != nil { t.Fatal(err) }
	defer server.Stop()
	var answer struct{ State string }
	err = server.Call("POST", "/v1/webhooks", map[string]string{"url": ${JSON.stringify(receiver.url.href)}}, &answer)
	if err != nil { t.Fatal(err) }
	err = server.Call("POST", "/v1/deliveries?wait=settled", map[string]string{"event": "inquiry.approved"}, &answer)
	if err != nil || answer.State != "completed" { t.Fatal(err, answer) }
}
`,
  );
  const { stdout } = await run('go', ['test', './...'], { cwd: folder.path, env });
  expect(stdout).toMatch(/^ok/);
});
