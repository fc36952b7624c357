import type { Language } from './languages.ts';

export const CI_NAMES = ['github', 'gitlab'] as const;
export type CiName = (typeof CI_NAMES)[number];

/** For tests alone, and not Persona's. */
const TEST_SECRET = 'wbhsec_00000000-0000-4000-8000-000000000000';

export interface CiOptions {
  readonly to: string;
  readonly start: string;
  readonly language: Language | undefined;
  readonly version: string;
}

/** @returns the files of a workflow, by their paths */
export function workflow(ci: CiName, options: CiOptions): Readonly<Record<string, string>> {
  switch (ci) {
    case 'github':
      return { '.github/workflows/webhooks.yml': githubWorkflow(options) };
    case 'gitlab':
      return {
        'hookcast/gitlab-ci.yml': gitlabJob(options),
        '.gitlab-ci.yml': 'include:\n  - local: hookcast/gitlab-ci.yml\n',
      };
  }
}

function githubWorkflow({ to, start, language }: CiOptions): string {
  const setup = language?.setup;
  const steps = [
    ...(setup === undefined
      ? []
      : [`      - uses: ${setup.action}\n        with:\n          ${setup.with}\n`]),
    ...(language === undefined ? [] : [`      - run: ${language.install}\n`]),
  ];
  return `name: Webhooks
on: [push, pull_request]
permissions:
  contents: read
jobs:
  conform:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    env:
      PERSONA_WEBHOOK_SECRET: ${TEST_SECRET} # For this job only, not Persona's.
    steps:
      - uses: actions/checkout@v7
      - uses: actions/setup-node@v7
        with:
          node-version: 24
${steps.join('')}      - uses: hookcast/hookcast@v0
        with:
          start: ${JSON.stringify(start)}
          to: ${JSON.stringify(to)}
          secret: ${TEST_SECRET}
`;
}

function gitlabJob({ to, start, language, version }: CiOptions): string {
  const image = language?.image ?? 'node:24-slim';
  const node = image.startsWith('node:')
    ? []
    : ['apt-get update && apt-get install -y nodejs npm # hookcast needs Node 20.18.1 or later.'];
  const commands = [
    ...node,
    ...(language === undefined ? [] : [language.install]),
    `${start} &`,
    `npx --yes hookcast@${version} conform --to ${to} --wait-for 30s --report junit=junit.xml`,
  ];
  return `conform:
  image: ${image}
  variables:
    PERSONA_WEBHOOK_SECRET: ${TEST_SECRET} # For this job only, not Persona's.
  script:
${commands.map((command) => `    - ${JSON.stringify(command)}\n`).join('')}  artifacts:
    when: always
    reports:
      junit: junit.xml
`;
}
