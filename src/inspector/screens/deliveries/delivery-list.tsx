import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Summary } from '../../api/records.ts';
import { isLoaded, listed } from '../../state/deliveries.ts';
import { selectedId, wantedFocus } from '../../state/selection.ts';
import { webhooks } from '../../state/webhooks.ts';
import { Row } from './row.tsx';

/** As deliveries.css has it; with a line more where it has to say which webhook. */
const ROW_PX = 52;
const TALL_ROW_PX = 70;
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
  const hasWebhooks = webhooks.value.length > 1;
  const rowPx = hasWebhooks ? TALL_ROW_PX : ROW_PX;
  usePlaceKept(view.top === 0 ? null : box.current, rows, rowPx);
  useSelectionInSight(box.current, rows, rowPx);
  const first = Math.max(0, Math.floor(view.top / rowPx) - SPARE_ROWS);
  const last = Math.ceil((view.top + view.height) / rowPx) + SPARE_ROWS;
  return (
    <div class={hasWebhooks ? 'rows tall' : 'rows'} ref={box} onScroll={look}>
      <ul style={{ height: `${rows.length * rowPx}px` }} aria-label="Deliveries, newest first">
        {rows.slice(first, last).map((summary, index) => (
          <li
            key={summary.id}
            style={{ top: `${(first + index) * rowPx}px` }}
            aria-posinset={first + index + 1}
            aria-setsize={rows.length}
          >
            <Row summary={summary} hasWebhook={hasWebhooks} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What comes in above does not push away what is being read; at the top (without a box) the newest are to be seen. */
function usePlaceKept(box: HTMLDivElement | null, rows: readonly Summary[], rowPx: number): void {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const added = rows.length - before.current.length;
    const isAbove = added > 0 && rows[added]?.id === before.current[0]?.id;
    before.current = rows;
    if (isAbove) box?.scrollBy(0, added * rowPx);
  }, [rows]);
}

/** Follows the keys, and the delivery that is open: scrolls there, and for the keys gives it the focus. */
function useSelectionInSight(box: HTMLDivElement | null, rows: readonly Summary[], rowPx: number): void {
  const id = selectedId.value;
  useEffect(() => {
    const index = rows.findIndex((row) => row.id === id);
    if (box === null || index < 0) return;
    const [top, bottom] = [index * rowPx, (index + 1) * rowPx];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    if (wantedFocus.peek() !== id) return;
    wantedFocus.value = undefined;
    requestAnimationFrame(() => document.getElementById(`row-${id ?? ''}`)?.focus({ preventScroll: true }));
    // When the selection moves, not with each new delivery.
  }, [id, box !== null && isLoaded.value]);
}
