import { diskFiles } from '../../src/fixture/files.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { FIXTURE_NAMES } from '../../src/fixture/catalogue.ts';
import { resumeJournal } from '../../src/simulator/resume.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';

/** Sends in volume to `url`, or continues what is pending, until it is killed or done. */
async function work([path = '', directory = '', url = '']: string[]): Promise<void> {
  const fixtures = { files: diskFiles, directory, names: FIXTURE_NAMES };
  const journal = openJournal(path, { durability: 'normal' });
  if (url === '') {
    await resumeJournal({ journal, fixtures, timeScale: 1e6, concurrency: 8 });
  } else {
    const simulator = createSimulator({ webhook: { url }, journal, fixtures, timeScale: 1e6 });
    const events = { mix: 'inquiry.approved=2,inquiry.declined=1' };
    await simulator.emit(events, { count: 20_000, concurrency: 16, duplicates: 0.05 });
  }
  journal.close();
}

void work(process.argv.slice(2));
