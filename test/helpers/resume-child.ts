import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { resumeJournal } from '../../src/simulator/resume.ts';

/** Goes on with a journal until it is killed, or nothing is pending. */
async function goOn(path: string): Promise<void> {
  const journal = openJournal(path, { mustExist: true });
  await resumeJournal({ journal, timeScale: 1e6, concurrency: 8 });
  journal.close();
}

// It is started ahead of its turn, since that takes longest, and begins at the first byte.
process.stdin.once('data', () => {
  process.stdin.destroy();
  void goOn(process.argv[2] ?? '');
});
