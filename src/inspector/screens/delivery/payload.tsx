import { useState } from 'preact/hooks';
import type { AttemptDetail, Delivery } from '../../api/records.ts';
import { shapeOf } from '../../text/shape.ts';
import { webhookOf } from '../../state/webhooks.ts';
import { counted } from '../../text/format.ts';
import { jsonError } from '../../text/json.ts';
import { payloadLines, type PayloadLine } from '../../text/payload-lines.ts';

type Removed = Delivery['removed'];

/** The event as it was sent, with what the webhook's blocklist took out of it. */
export function Payload({ request, delivery }: { request: AttemptDetail['request']; delivery: Delivery }) {
  const { removed, unmatched } = delivery;
  const webhook = webhookOf(delivery.webhook);
  if (request.bodyEncoding !== undefined || jsonError(request.body) !== undefined) {
    return <p>The body is not JSON, so there are no members to show.</p>;
  }
  return (
    <>
      {webhook !== undefined && (
        <ul class="facts" aria-label="What the webhook makes of an event">
          {shapeOf(webhook).map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      )}
      {unmatched.length > 0 && <Unmatched entries={unmatched} />}
      {webhook !== undefined && <RemovedMembers removed={removed} />}
      <Tree lines={payloadLines(request.body, removed)} hasRemoved={removed.length > 0} />
    </>
  );
}

function Unmatched({ entries }: { entries: readonly string[] }) {
  return (
    <div class="note warn">
      <p>
        {entries.length === 1 ? 'A blocklist entry' : `${entries.length} blocklist entries`} matched nothing
        in this event. If that is a typo, what it should hide is sent:
      </p>
      <ul class="chips">
        {entries.map((entry) => (
          <li key={entry} class="mono">
            {entry}
          </li>
        ))}
      </ul>
    </div>
  );
}

function RemovedMembers({ removed }: { removed: Removed }) {
  if (removed.length === 0) return <p class="hint">The blocklist took nothing out of this event.</p>;
  const byEntry = byEntryOf(removed);
  return (
    <div class="removed">
      <h4>
        {counted(removed.length, 'member')} removed by{' '}
        {byEntry.size === 1 ? 'one blocklist entry' : `${byEntry.size} blocklist entries`}
      </h4>
      {[...byEntry].map(([entry, members]) => (
        <details key={entry}>
          <summary>
            <code>{entry}</code> <span class="hint">{counted(members.length, 'member')}</span>
          </summary>
          <ul>
            {members.map(({ path }) => (
              <li key={path} class="mono">
                <del>{path}</del>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

function byEntryOf(removed: Removed): ReadonlyMap<string, Removed> {
  const entries = [...new Set(removed.map(({ entry }) => entry))];
  return new Map(entries.map((entry) => [entry, removed.filter((one) => one.entry === entry)]));
}

function Tree({ lines, hasRemoved }: { lines: readonly PayloadLine[]; hasRemoved: boolean }) {
  const [isRemovedOnly, setRemovedOnly] = useState(false);
  const shown = isRemovedOnly ? withAncestors(lines) : lines;
  return (
    <>
      {hasRemoved && (
        <label class="check">
          <input
            type="checkbox"
            checked={isRemovedOnly}
            onChange={(event) => setRemovedOnly(event.currentTarget.checked)}
          />
          Only what was removed, and where
        </label>
      )}
      <div class="code tree" tabIndex={0} role="region" aria-label="The event as it was sent">
        {shown.map(({ depth, text, removedBy }, index) => (
          <div key={index} class={removedBy === undefined ? undefined : 'gone'}>
            {'  '.repeat(depth)}
            {removedBy === undefined ? text : <del>{text}</del>}
            {removedBy !== undefined && <span class="by">removed by {removedBy}</span>}
          </div>
        ))}
      </div>
    </>
  );
}

/** The removed lines, and those that open what they were in. */
function withAncestors(lines: readonly PayloadLine[]): readonly PayloadLine[] {
  const kept = new Set<number>();
  const open: number[] = [];
  for (const [index, { depth, removedBy }] of lines.entries()) {
    open.length = Math.min(open.length, depth);
    if (removedBy !== undefined) for (const each of [...open, index]) kept.add(each);
    open[depth] = index;
  }
  return lines.filter((_, index) => kept.has(index));
}
