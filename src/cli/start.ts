import { version } from '../text/version.ts';

/** Runs this process's command line. The version is said before commander is loaded; a test holds the two together. */
export async function start(argv: readonly string[]): Promise<void> {
  if (argv.length === 1 && ['--version', '-V'].includes(argv[0] ?? '')) {
    process.stdout.write(`${version()}\n`);
    return;
  }
  const [{ main }, { processIo }] = await Promise.all([
    import('./main.ts'),
    import('./terminal/process-io.ts'),
  ]);
  const io = processIo();
  io.end(await main(argv, io));
}
