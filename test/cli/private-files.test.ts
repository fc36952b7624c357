import { chmod, readdir, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { conformOptions } from '../../src/cli/steps/conform-options.ts';
import { CommandContext } from '../../src/cli/context.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { runCli, shown } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const EVENT = (name: string) =>
  JSON.stringify({ data: { type: 'event', id: 'evt_1', attributes: { name, payload: {} } } });

function contextOf() {
  const output = { write: () => undefined, isTty: false, columns: 80 };
  return new CommandContext({
    ...{ stdout: output, stderr: output, env: {}, colorLevel: 0 as const },
    ...{ interrupted: new AbortController().signal, interrupt: () => undefined },
  });
}

test('export --output makes an existing file readable by its owner only, and leaves no other file', async () => {
  await using folder = await temporaryFolder();
  const source = await folder.write('event.json', EVENT('inquiry.approved'));
  const output = await folder.write('out.ndjson', 'old');
  await chmod(output, 0o666);
  expect(await runCli(['export', source, '--output', output])).toMatchObject({ code: 0 });
  expect((await stat(output)).mode & 0o777).toBe(0o600);
  expect((await readdir(folder.path)).toSorted()).toEqual(['event.json', 'out.ndjson']);
});

test.skipIf(process.platform === 'win32').each(['load', 'conform'])(
  'the reports of %s are readable by their owner only, whatever the umask and older files allow',
  async (command) => {
    await using folder = await temporaryFolder();
    await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
    const old = await folder.write('old.html', 'old');
    await chmod(old, 0o666);
    const files = [old, `${folder.path}/new.html`, `${folder.path}/new.json`];
    const few = command === 'load' ? ['--count', '2'] : ['--only', 'ACK-01'];
    const umask = process.umask(0);
    try {
      const reports = files.flatMap((file) => ['--report', file]);
      const run = await runCli([command, '--to', receiver.url, ...few, ...reports]);
      expect(run.code, run.stderr).toBe(0);
      expect(run.stderr.match(/(?<=^written: ).*/gm)).toEqual(files);
    } finally {
      process.umask(umask);
    }
    const modes = await Promise.all(files.map(async (file) => (await stat(file)).mode & 0o777));
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  },
);

test('--log-file is read as UTF-8, and refused if it is something else', async () => {
  await using folder = await temporaryFolder();
  const to = ['http://127.0.0.1:9/'];
  const logFile = await folder.write('app.log', 'accepted evt_1 for Zo\u00eb\n');
  const { readLog } = await conformOptions({ to, logFile }, contextOf());
  expect(await readLog?.()).toBe('accepted evt_1 for Zo\u00eb\n');
  const latin1 = await folder.write('latin1.log', Buffer.from('ok\nZo\u00eb\n', 'latin1'));
  const broken = await conformOptions({ to, logFile: latin1 }, contextOf());
  await expect(broken.readLog?.()).rejects.toThrow('line 2, column 3: expected UTF-8 text');
});

test('a recording with a byte that is not UTF-8 is refused with the number of the line', async () => {
  await using folder = await temporaryFolder();
  const whole = await folder.write('event.json', EVENT('inquiry.approved'));
  const { stdout } = await runCli(['export', whole]);
  const bytes = Buffer.from(stdout + stdout.replace('evt_1', 'evt_\u00e9'), 'latin1');
  const damaged = await folder.write('recording.ndjson', bytes);
  const run = await runCli(['export', damaged]);
  expect(shown(run, { [folder.path]: 'FOLDER' })).toMatchInlineSnapshot(`
    "{"type":"recording","eventId":"evt_1","eventName":"inquiry.approved","request":{"method":"POST","url":"http://localhost/","headers":[["Content-Type","application/json; charset=utf-8"]],"body":"{\\"data\\":{\\"type\\":\\"event\\",\\"id\\":\\"evt_1\\",\\"attributes\\":{\\"name\\":\\"inquiry.approved\\",\\"payload\\":{}}}}"}}
    error: FOLDER/recording.ndjson: at line 2: expected UTF-8 text, found other bytes (record and export write UTF-8: was the file converted since?)
    exit code 2
    "
  `);
});

test('the URL of an oracle is printed and repeated without its credentials', async () => {
  const oracleUrl = 'ftp://me:hunter22@127.0.0.1:9/processed';
  const argv = ['conform', '--to', 'http://127.0.0.1:9/', '--oracle-url'];
  const run = await runCli([...argv, oracleUrl]);
  expect(run.stderr).not.toContain('hunter22');
  expect(shown(run)).toMatchInlineSnapshot(`
    "error: --oracle-url ftp://[secret]@127.0.0.1:PORT/processed: expected a URL that starts with http:// or https://
    exit code 2
    "
  `);
  const withToken = 'http://127.0.0.1:9/processed?token=hunter22';
  const options = await conformOptions({ to: ['http://127.0.0.1:9/'], oracleUrl: withToken }, contextOf());
  expect(options.repeatFlags).toEqual(['--oracle-url', 'http://127.0.0.1:9/processed?token=[secret]']);
});
