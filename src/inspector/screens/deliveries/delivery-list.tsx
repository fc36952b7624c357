import { useEffect, useRef, useState } from 'preact/hooks';
import type { Summary } from '../../api/records.ts';
import { AttemptDots, StateGlyph } from '../../parts/state-badge.tsx';
import { Countdown } from '../../parts/countdown.tsx';
import { listed } from '../../state/deliveries.ts';
import { deliveryAddress, route } from '../../state/route.ts';
import { selectedId } from '../../state/selection.ts';
import { clockTime, dateTime } from '../../text/format.ts';
import { outcomeText } from '../../text/verdict.ts';

/** As app.css has it. */
const ROW_PX = 52;
const SPARE_ROWS = 8;

/** Only the rows in sight are in the document. */
export function DeliveryList() {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const look = () => {
    const { scrollTop = 0, clientHeight = 600 } = box.current ?? {};
    setView({ top: scrollTop, height: clientHeight });
  };
  useEffect(() => {
    look();
    const observer = new ResizeObserver(look);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const rows = listed.value;
  useSelectionInSight(box.current, rows);
  const first = Math.max(0, Math.floor(view.top / ROW_PX) - SPARE_ROWS);
  const last = Math.ceil((view.top + view.height) / ROW_PX) + SPARE_ROWS;
  return (
    <div class="rows" ref={box} onScroll={look}>
      <ul style={{ height: `${rows.length * ROW_PX}px` }} aria-label="Deliveries, newest first">
        {rows.slice(first, last).map((summary, index) => (
          <Row key={summary.id} summary={summary} index={first + index} count={rows.length} />
        ))}
      </ul>
    </div>
  );
}

/** Follows the keys: scrolls there, and gives it the focus. */
function useSelectionInSight(box: HTMLDivElement | null, rows: readonly Summary[]): void {
  const id = selectedId.value;
  useEffect(() => {
    const index = rows.findIndex((row) => row.id === id);
    if (box === null || index < 0) return;
    const [top, bottom] = [index * ROW_PX, (index + 1) * ROW_PX];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    requestAnimationFrame(() => document.getElementById(`row-${id ?? ''}`)?.focus({ preventScroll: true }));
    // Only when the selection moves, not with each new delivery.
  }, [id]);
}

function Row({ summary, index, count }: { summary: Summary; index: number; count: number }) {
  const { id, eventName, state, createdAt, lastOutcome, next, resendOf } = summary;
  const isOpen = route.value.id === id;
  return (
    <li style={{ top: `${index * ROW_PX}px` }} aria-posinset={index + 1} aria-setsize={count}>
      <a
        id={`row-${id}`}
        href={deliveryAddress(id)}
        aria-current={isOpen ? 'true' : undefined}
        onFocus={() => (selectedId.value = id)}
      >
        <StateGlyph state={state} />
        <span class="name">
          {eventName === '' ? '(no event name)' : eventName}
          <span class="hidden">, {state}, </span>
        </span>
        <time dateTime={createdAt} title={dateTime(createdAt)}>
          {clockTime(createdAt)}
        </time>
        <span class="facts">
          <span class="id">
            {id}
            {resendOf !== null && ` ↻ ${resendOf}`}
          </span>
          {state !== 'skipped' && <AttemptDots summary={summary} />}
          {lastOutcome !== null && (
            <span class={`outcome ${lastOutcome.kind}`}>{outcomeText(lastOutcome)}</span>
          )}
        </span>
        <span class="when">
          {next !== null && <Countdown next={next} />}
          {state !== 'pending' && <span aria-hidden="true">{state}</span>}
        </span>
      </a>
    </li>
  );
}
