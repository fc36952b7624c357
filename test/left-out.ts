/** What takes long and is slow by nature: in CI and `npm run test:all`, not in `npm test` and `npm run check`. */
export const EXHAUSTIVE: Readonly<Record<string, string>> = {
  'test/bench/contestants.test.ts': 'the contestants of the benchmarks',
  'test/cli/demo.test.ts': 'the whole of the demo, ten real seconds',
  'test/conformance/html-size.test.ts': 'the size of a report in which nearly all fails',
  'test/inspector/controls.browser.test.ts': 'buttons, keys and dialogs of the inspector, in a browser',
  'test/inspector/export.browser.test.ts': 'deliveries exported as a page',
  'test/inspector/journey.browser.test.ts': 'what people do in the inspector, in a browser',
  'test/inspector/picture.browser.test.ts': 'the picture of the README',
  'test/inspector/safety.browser.test.ts': 'the inspector in front of a hostile receiver, and for all eyes',
  'test/install.test.ts': 'the package installed into empty folders',
  'test/journal/command-kill.test.ts': 'kills of send and scenario',
  'test/journal/load-kill.test.ts': 'kills of load runs and of their resume',
  'test/journal/processes.test.ts': 'several processes and one journal',
  'test/models/correct-repeatedly.test.ts': 'each profile against each correct receiver',
  'test/packed.test.ts': 'the packed package',
  'test/queue/enqueue-kill.test.ts': 'kills of runs that fill the queue',
  'test/queue/kill.test.ts': 'kills of queue workers',
  'test/report/html.browser.test.ts': 'the HTML report in a browser',
  'test/report/load/html.browser.test.ts': 'the page of a load run in a browser',
  'test/sandbox/description.test.ts': "the sandbox against Persona's description, where it is at hand",
  'test/sandbox/packed.test.ts': 'docs/sandbox.md with the packed package',
  'test/server/languages.test.ts': 'the helpers for Python, Ruby and Go',
  'test/tools/dockerfile.test.ts': 'the commands of the Dockerfile',
};

/** Of what `npm test` and `npm run check` run a sample, and what that sample is. */
export const SAMPLED: Readonly<Record<string, string>> = {
  'test/cli/init.test.ts': 'oracles in two of six languages',
  'test/conformance/diagnose.test.ts': 'a sixth of the mistakes, and of the languages that print JSON',
  'test/conformance/proven-alone.test.ts': 'a quarter of the receivers that refuse genuine events',
  'test/every-body.test.ts': 'each event in one of nine API versions',
  'test/fixture/import-official.test.ts': 'the newest specification',
  'test/http/hostile-answers.test.ts': '150 of 4,000 answers; HOOKCAST_FUZZ_RUNS=100000 for more',
  'test/journal/errors.test.ts': '3 of 60 damaged journals',
  'test/journal/kill.test.ts': '3 of 15 kills',
  'test/journal/salvage.test.ts': 'one of nine places where a journal ends',
  'test/models/correct.test.ts': 'one of three correct receivers, in Node or in Python',
  'test/models/realistic.test.ts': 'one of fifteen receivers as they are run',
  'test/mutants/run-model.ts': 'for each mutant what it must fail, and an eighth of the other checks',
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
