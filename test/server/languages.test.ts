import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
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
  // The nine attempts; on a busy machine of two cores they take 70 to 210 ms.
  expect(tookMs).toBeLessThan(1_000);
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

test.skipIf(!has('phpunit'))('the PHPUnit helper sends and waits', async () => {
  await using receiver = await answering(200);
  await using folder = await temporaryFolder();
  const file = await folder.write(
    'WebhookTest.php',
    `<?php
require ${JSON.stringify(join(EXAMPLES, 'phpunit/UsesHookcast.php'))};
final class WebhookTest extends PHPUnit\\Framework\\TestCase {
    use UsesHookcast;
    public function testApproval(): void {
        $this->hookcast('POST', '/v1/webhooks', ['url' => ${JSON.stringify(receiver.url.href)}]);
        $sent = $this->hookcast('POST', '/v1/deliveries?wait=settled', ['event' => 'inquiry.approved']);
        $this->assertSame('completed', $sent['state']);
    }
    public function testMistake(): void {
        try {
            $this->hookcast('POST', '/v1/deliveries', ['event' => 'inquiry.aproved']);
        } catch (PHPUnit\\Framework\\AssertionFailedError $failure) {
            $this->assertStringContainsString('did you mean inquiry.approved', $failure->getMessage());
            return;
        }
        $this->fail('nothing was refused');
    }
}
`,
  );
  const { stdout } = await run('phpunit', ['--no-configuration', '--do-not-cache-result', file], { env });
  expect(stdout).toMatch(/OK \(2 tests, \d+ assertions\)/);
});

/** Debian's junit5 and its parts. */
const JARS = '/usr/share/java';
const CONSOLE = join(JARS, 'junit-platform-console.jar');
const hasJunit = has('javac', '-version') && (process.env['CI'] === 'true' || existsSync(CONSOLE));

test.skipIf(!hasJunit)('the JUnit 5 helper sends and waits', { timeout: 600_000 }, async () => {
  await using receiver = await answering(200);
  await using folder = await temporaryFolder();
  await folder.write(
    'WebhookTest.java',
    `import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
class WebhookTest {
  @RegisterExtension static HookcastExtension hookcast = new HookcastExtension();
  @Test void approves() throws Exception {
    hookcast.call("POST", "/v1/webhooks", "{\\"url\\": \\"${receiver.url.href}\\"}");
    String delivery = hookcast.call("POST", "/v1/deliveries?wait=settled", "{\\"event\\": \\"inquiry.approved\\"}");
    assertTrue(delivery.contains("\\"state\\":\\"completed\\""));
    Error mistake = assertThrows(AssertionError.class,
        () -> hookcast.call("POST", "/v1/deliveries", "{\\"event\\": \\"inquiry.aproved\\"}"));
    assertTrue(mistake.getMessage().contains("did you mean inquiry.approved"));
  }
}
`,
  );
  const classPath = `${folder.path}:${JARS}/*`;
  const sources = [join(EXAMPLES, 'junit5/HookcastExtension.java'), join(folder.path, 'WebhookTest.java')];
  await run('javac', ['-cp', classPath, '-d', folder.path, ...sources]);
  const main = 'org.junit.platform.console.ConsoleLauncher';
  const argv = ['-cp', classPath, main, '--select-class', 'WebhookTest', '--disable-banner'];
  const { stdout } = await run('java', argv, { env });
  expect(stdout).toContain('1 tests successful');
});
