/** What takes long and is slow by nature: in CI and `npm run test:all`, not in `npm test` and `npm run check`. */
export const EXHAUSTIVE: Readonly<Record<string, string>> = {
  'test/bench/contestants.test.ts': 'the contestants of the benchmarks',
  'test/cli/built-command.test.ts': 'what the built command loads, reads and prints',
  'test/cli/completion-shells.test.ts': 'the completion scripts in their shells',
  'test/cli/demo.test.ts': 'the whole of the demo, ten real seconds',
  'test/cli/init-oracles.test.ts': 'the oracles that init writes, in six languages',
  'test/cli/load-redis.test.ts': 'load runs through a queue in Redis',
  'test/cli/output-faults.test.ts': 'full disks, closed pipes and terminals that go away',
  'test/conformance/html-size.test.ts': 'the size of a report in which nearly all fails',
  'test/conformance/judged-fairly.test.ts': 'verdicts of whole runs against odd receivers',
  'test/delivery/two-clocks.test.ts': 'commands on a machine whose clock is set forward',
  'test/docs-snippets.test.ts': 'the programs of the pages about checks',
  'test/fixture/import-official.test.ts': "the import of Persona's description, where it is at hand",
  'test/http/burst-memory.test.ts': 'the memory of a burst of requests',
  'test/http/hostile-answers.test.ts': '4,000 random answers; HOOKCAST_FUZZ_RUNS=100000 for more',
  'test/http/http1/exhaustion.test.ts': 'a system that grants few connections',
  'test/inspector/controls.browser.test.ts': 'buttons, keys and dialogs of the inspector, in a browser',
  'test/inspector/export.browser.test.ts': 'deliveries exported as a page',
  'test/inspector/journey.browser.test.ts': 'what people do in the inspector, in a browser',
  'test/inspector/picture.browser.test.ts': 'the picture of the README',
  'test/inspector/programs.test.ts': 'requests copied as programs, run',
  'test/inspector/safety.browser.test.ts': 'the inspector in front of a hostile receiver, and for all eyes',
  'test/install.test.ts': 'the package installed into empty folders',
  'test/journal/broken.test.ts': 'journals that are removed, and full disks',
  'test/journal/command-kill.test.ts': 'kills of send and scenario',
  'test/journal/damaged.test.ts': 'reading and saving journals with damaged bytes',
  'test/journal/kill.test.ts': 'kills of resume',
  'test/journal/load-kill.test.ts': 'kills of load runs and of their resume',
  'test/journal/processes.test.ts': 'several processes and one journal',
  'test/load/threads.test.ts': 'load runs of several threads',
  'test/models/correct-repeatedly.test.ts': 'each profile against each correct receiver',
  'test/models/correct.test.ts': 'the soak profile against each correct receiver, in Node and Python',
  'test/models/realistic.test.ts': 'the soak profile against receivers as they are run',
  'test/packed.test.ts': 'the packed package',
  'test/queue/enqueue-kill.test.ts': 'kills of runs that fill the queue',
  'test/queue/kill.test.ts': 'kills of queue workers',
  'test/queue/lost-redis.test.ts': 'a Redis that is lost',
  'test/queue/redis.test.ts': 'workers and enqueuers with a Redis',
  'test/report/html.browser.test.ts': 'the HTML report in a browser',
  'test/report/load/html.browser.test.ts': 'the page of a load run in a browser',
  'test/sandbox/description.test.ts': "the sandbox against Persona's description, where it is at hand",
  'test/sandbox/docs.test.ts': 'the programs of docs/sandbox.md',
  'test/sandbox/outside.test.ts': 'clients in other processes and languages',
  'test/sandbox/packed.test.ts': 'docs/sandbox.md with the packed package',
  'test/sandbox/scenarios-redirect.test.ts': "an app with Persona's own URL, by --import hookcast/redirect",
  'test/server/journal.test.ts': 'kills of serve',
  'test/server/languages.test.ts': 'the helpers for Python, Ruby and Go',
  'test/server/restored-views.test.ts': 'every view of a delivery before and after a kill of serve',
  'test/server/warm-up.test.ts': 'what an idle server loads',
  'test/tools/action.test.ts': 'the GitHub action',
  'test/tools/build.test.ts': 'when a build does nothing',
  'test/tools/dockerfile.test.ts': 'the commands of the Dockerfile',
};

/** Of what `npm test` and `npm run check` run a sample, and what that sample is. */
export const SAMPLED: Readonly<Record<string, string>> = {
  'test/conformance/diagnose.test.ts': 'a sixth of the mistakes, and of the languages that print JSON',
  'test/conformance/proven-alone.test.ts': 'a quarter of the receivers that refuse genuine events',
  'test/every-body.test.ts': 'each event in one of nine API versions',
  'test/mutants/run-model.ts': 'for each mutant what it must fail, and a sixteenth of the other checks',
  'test/package.test.ts': 'a quarter of the fixtures as they are built',
  'test/scenario/scenarios.test.ts': '5 of 25 sets of gaps for each scenario',
  'test/sandbox/law.test.ts': 'each transition for three of 27 webhooks',
  'test/render/story.test.ts': 'each scenario for one of three webhooks',
  'test/render/template.test.ts': 'each fixture in two of sixteen cases, and 40 of 150 mixed ones',
  'test/simulator/compose-next.test.ts': 'a quarter of the events, and of versions and cases of keys',
};

/** The last lines of a run that left something out. */
export function leftOutNotice(): string {
  const width = Math.max(...[EXHAUSTIVE, SAMPLED].flatMap(Object.keys).map((file: string) => file.length));
  const [files, samples] = [EXHAUSTIVE, SAMPLED].map((table) =>
    Object.entries(table).map(([file, what]) => `  ${file.padEnd(width)}  ${what}`),
  );
  return [
    'Left out, since they take long:',
    ...(files ?? []),
    'Only sampled:',
    ...(samples ?? []),
    'All of them: npm run test:all (CI does). One of them: npx vitest run <file>',
    '',
  ].join('\n');
}
