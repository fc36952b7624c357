import { counted } from '../../text/plural.ts';
import { journalWebhooks } from '../../journal/sqlite/journal-store.ts';
import { UnknownNameError, UsageError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import type { CommandContext } from '../context.ts';
import { actOn } from '../steps/act-on-journal.ts';
import { commandOf } from '../flags/flag.ts';
import { JOURNAL, journalPath, type JournalFlags } from '../flags/journal.ts';

const EXAMPLES = `
Persona gives up what is pending for a webhook when it is disabled: its deliveries fail.

Examples:
  $ hookcast disable --journal hookcast.db
  $ hookcast disable http://localhost:3000/webhooks --journal hookcast.db
`;

export const configure = commandOf({
  argument: ['[url|number]', 'which webhook; needed where the journal has several'],
  flags: [JOURNAL.journal],
  help: EXAMPLES,
  run: disable,
});

async function disable(
  which: string | undefined,
  flags: JournalFlags,
  context: CommandContext,
): Promise<void> {
  const path = journalPath(flags, context);
  const webhooks = webhooksNamed(which, path);
  const urls = [...new Set(webhooks.map(({ url }) => url))].join(', ');
  let count = 0;
  const request = { kind: 'disable', webhooks: webhooks.map(({ id }) => id) } as const;
  const isDone = await actOn(path, request, {
    after: (_, deliveries) => {
      count = deliveries.length;
      return Promise.resolve();
    },
  });
  const what = counted(count, 'pending delivery');
  context.print(
    isDone
      ? `${urls} disabled: ${what} failed`
      : `${urls}: the run that holds the journal disables it within a second`,
  );
}

/** One address can have several numbers, one for each configuration that it had. */
function webhooksNamed(which: string | undefined, path: string): { id: number; url: string }[] {
  const webhooks = journalWebhooks(path);
  const list = webhooks.map(({ id, url }) => `${id} ${url}`).join('\n  ');
  const urls = new Set(webhooks.map(({ url }) => url));
  if (which === undefined) {
    if (urls.size <= 1) return webhooks;
    throw new UsageError(`which webhook? This journal has several:\n  ${list}`);
  }
  const found = webhooks.filter(({ id, url }) => String(id) === which || url === which);
  if (found.length > 0) return found;
  throw new UnknownNameError('webhook', which, {
    nearest: nearest(which, urls),
    hint: `In the journal:\n  ${list}`,
  });
}
