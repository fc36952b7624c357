import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { EventNames } from '../../api/records.ts';

type EventRow = EventNames['events'][number];

interface Props {
  readonly events: readonly EventRow[];
  readonly current: string;
  readonly onPick: (name: string) => void;
}

/** A list that is narrowed by typing; arrows pick. Events without a fixture can be seen, not sent. */
export function EventPicker({ events, current, onPick }: Props) {
  const [text, setText] = useState('');
  const shown = events.filter((event) => fits(event, text));
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const ready = shown.filter(({ hasFixture }) => hasFixture);
    const index = ready.findIndex(({ name }) => name === current);
    const next = ready[Math.min(ready.length - 1, Math.max(0, index + step))];
    if (next !== undefined) onPick(next.name);
  };
  return (
    <div class="picker" onKeyDown={move}>
      <input
        type="search"
        id="search"
        aria-label="Find an event"
        placeholder={`Find one of ${events.length} events`}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div role="listbox" aria-label="Events" tabIndex={0} aria-activedescendant={optionId(current)}>
        {shown.map((event) => (
          <Option key={event.name} event={event} isCurrent={event.name === current} onPick={onPick} />
        ))}
      </div>
      {shown.length === 0 && <p class="empty">No event fits “{text}”.</p>}
    </div>
  );
}

const optionId = (name: string) => `event-${name}`;

function fits({ name, trigger = '' }: EventRow, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/);
  return words.every((word) => name.includes(word) || trigger.toLowerCase().includes(word));
}

interface OptionProps {
  readonly event: EventRow;
  readonly isCurrent: boolean;
  readonly onPick: (name: string) => void;
}

function Option({ event: { name, trigger, hasFixture }, isCurrent, onPick }: OptionProps) {
  const option = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (isCurrent) option.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return (
    <div
      role="option"
      id={optionId(name)}
      ref={option}
      aria-selected={isCurrent}
      aria-disabled={!hasFixture}
      onClick={() => {
        if (hasFixture) onPick(name);
      }}
    >
      <strong>{name}</strong>
      <span>{trigger ?? (hasFixture ? '' : 'There is no fixture for this event.')}</span>
    </div>
  );
}
