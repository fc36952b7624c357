import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

interface TabsProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly current: string;
  readonly onPick: (name: string) => void;
  readonly children: ComponentChildren;
}

/** As https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ has them: arrows move, one tab is in the order of focus. */
export function Tabs({ label, names, current, onPick, children }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const index = (names.indexOf(current) + step + names.length) % names.length;
    onPick(names[index] ?? current);
    list.current?.querySelectorAll('button')[index]?.focus();
  };
  const panel = `panel-${slug(label)}`;
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${slug(name)}`}
            aria-selected={name === current}
            aria-controls={panel}
            tabIndex={name === current ? 0 : -1}
            onClick={() => onPick(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={panel} aria-labelledby={`tab-${slug(current)}`}>
        {children}
      </div>
    </div>
  );
}

const slug = (text: string) => text.toLowerCase().replaceAll(/\W+/g, '-');
