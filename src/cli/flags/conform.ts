import { PROFILES, type Profile } from '../../conformance/select.ts';
import { DEFAULT_POLICY, POLICIES } from '../../persona/policies.ts';
import { flagsOf, GROUP, reworded, type ValuesOf } from './flag.ts';
import { RUN, OUTPUT, TARGET, SIGNING, SOURCE } from './run.ts';
import { collect, list, wholeNumber } from './values.ts';

export const HOOK_NAMES: readonly string[] = [
  ...['create', 'restart', 'dependency-down', 'dependency-up', 'writes-down', 'writes-up', 'unset-secret'],
];

export type ConformFlags = ValuesOf<typeof CONFORM>;

export const CONFORM = {
  to: reworded(TARGET.to, {
    spelling: '--to <[name=]url>',
    description: 'your receiver (or HOOKCAST_URL); repeat it to compare several',
    parse: collect,
  }),
  webhook: reworded(TARGET.webhook, {
    description: 'how the webhook is configured at Persona: version, inflection, blocklist, …',
    parse: undefined,
  }),
  ...flagsOf(GROUP.where, {
    waitFor: { spelling: '--wait-for <duration>', description: 'wait until the receiver is up, e.g. 30s' },
  }),
  allowRemote: reworded(TARGET.allowRemote, 'test addresses outside this machine and private networks'),
  insecure: TARGET.insecure,
  ca: TARGET.ca,
  ...SOURCE,
  ...flagsOf(GROUP.what, {
    profile: {
      spelling: '--profile <name>',
      description: 'how much is asked (default: core; probe with an oracle)',
      choices: Object.keys(PROFILES) as Profile[],
    },
    only: {
      spelling: '--only <checks>',
      description: 'ids, slugs, families or globs (SIG-*), separated by commas',
      parse: list,
    },
    skip: { spelling: '--skip <checks>', description: 'leave these out', parse: list },
    strict: { spelling: '--strict', description: 'count non-strict as a failure' },
    policy: {
      spelling: '--policy <name>',
      description: `whose statuses count as accepted (default: ${DEFAULT_POLICY.name})`,
      choices: POLICIES.map(({ name }) => name),
    },
    tolerance: {
      spelling: '--tolerance <seconds>',
      description: 'the age of t that your receiver allows (default: 300)',
      parse: wholeNumber,
    },
    referenceId: reworded(RUN.referenceId, {
      spelling: '--reference-id <template>',
      description: 'your own id of each person, e.g. user-{n} (default: {uuid})',
    }),
    seed: reworded(RUN.seed, 'repeat the ids and bodies of an earlier run'),
    baseline: { spelling: '--baseline <file>', description: 'JSON array of ids that are known to fail' },
    watch: {
      spelling: '--watch [path]',
      description: 'run again when the receiver comes back, or a file changes there; repeatable',
      // True without a path.
      parse: (text: string, previous: true | string[] | undefined): true | string[] =>
        collect(text, previous === true ? [] : previous),
    },
    list: { spelling: '--list', description: 'list all checks and run none' },
    dryRun: { spelling: '--dry-run', description: 'list the checks that would run and run none' },
    explain: {
      spelling: '--explain <check>',
      description: 'what a check asks and how to fix a failure; runs nothing',
    },
  }),
  ...flagsOf(GROUP.insight, {
    oracleUrl: {
      spelling: '--oracle-url <url>',
      description: 'answers GET with JSON: how often each event was processed',
    },
    oracleCmd: { spelling: '--oracle-cmd <command>', description: 'the same from the output of a command' },
    hook: {
      spelling: '--hook <name=command>',
      description: `a command to run at the right moment; names: ${HOOK_NAMES.join(', ')}; repeatable`,
      parse: collect,
    },
    logFile: {
      spelling: '--log-file <file>',
      description: "your receiver's log, searched for personal data",
    },
  }),
  secret: reworded(SIGNING.secret, {
    description: 'the secret that your receiver knows (or PERSONA_WEBHOOK_SECRET)',
    parse: undefined,
  }),
  ...flagsOf(GROUP.output, {
    report: {
      spelling: '--report <[format=]file>',
      description:
        'html, junit, json, ctrf, tap, markdown, github or text; to stdout without a file; repeatable',
      parse: collect,
    },
    open: { spelling: '--open', description: 'open the HTML report in your browser' },
    save: { spelling: '--save <folder>', description: 'bodies and curl lines of what failed' },
    writeBaseline: {
      spelling: '--write-baseline <file>',
      description: 'write the ids that fail now, for --baseline',
    },
  }),
  json: reworded(OUTPUT.json, 'print JSON: the report, or with --list or --dry-run the checks'),
  verbose: reworded(OUTPUT.verbose, 'show every check in full, with what went over the wire'),
  quiet: reworded(OUTPUT.quiet, 'print no report on stdout, unless --report asks for one'),
};
