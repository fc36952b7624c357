import { InvalidArgumentError } from 'commander';
import {
  API_VERSIONS,
  KEY_INFLECTIONS,
  NEWEST_API_VERSION,
  type ApiVersion,
} from '../../persona/contract.ts';
import { nearest } from '../../text/nearest.ts';
import { parseIsoTime } from '../../text/time.ts';
import type { WebhookExtras } from '../../webhook/configure.ts';
import { flagsOf, GROUP, type ValuesOf } from './flag.ts';
import { collect } from './values.ts';

/** What the webhook is configured to at Persona, and what its documentation leaves open. */
export type BodyFlags = ValuesOf<typeof BODY>;

export const BODY = flagsOf(GROUP.body, {
  apiVersion: {
    spelling: '--api-version <date>',
    description: `Persona's API version, ${API_VERSIONS[0]} to ${NEWEST_API_VERSION} (default: ${NEWEST_API_VERSION})`,
    parse: apiVersion,
  },
  inflection: {
    spelling: '--inflection <name>',
    description: 'convention of the keys',
    choices: KEY_INFLECTIONS,
  },
  block: {
    spelling: '--block <entry>',
    description: 'attribute blocklist entry, e.g. name-* or !name-first; repeatable',
    parse: collect,
  },
  included: {
    spelling: '--included <what>',
    description: 'related objects',
    choices: ['all', 'empty', 'absent'],
  },
  eventContext: {
    spelling: '--event-context <when>',
    description: 'when the event carries a context object',
    choices: ['documented', 'always', 'never'],
  },
  eventRedactedAt: {
    spelling: '--event-redacted-at',
    description: 'add "redacted-at": null to the event, as some recorded events have',
  },
});

function apiVersion(text: string): ApiVersion {
  const known = API_VERSIONS.find((version) => version === text);
  if (known !== undefined) return known;
  const isNewer = parseIsoTime(text) !== undefined && text > NEWEST_API_VERSION;
  if (isNewer && text.length === NEWEST_API_VERSION.length)
    throw new InvalidArgumentError(
      `newer than this hookcast knows (its newest is ${NEWEST_API_VERSION}); ` +
        "fixtures of that version can be made with 'hookcast fixtures import'",
    );
  const [close] = nearest(text, API_VERSIONS);
  const guess = close === undefined ? '' : `; did you mean ${close}?`;
  throw new InvalidArgumentError(`expected one of ${API_VERSIONS.join(', ')}${guess}`);
}

/** What the flags say beyond Persona's own attributes. */
export function webhookExtras(flags: BodyFlags & { readonly userAgent?: string }): WebhookExtras {
  const { userAgent, included, eventContext, eventRedactedAt } = flags;
  const event = {
    ...(eventContext === undefined ? {} : { context: eventContext }),
    ...(eventRedactedAt === undefined ? {} : { redactedAt: eventRedactedAt }),
  };
  return { userAgent, included, event };
}
