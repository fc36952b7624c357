import type { ComponentChildren } from 'preact';

interface Props {
  /** Of the list; the heading of the page. */
  readonly title: string;
  /** What the other part shows one of. */
  readonly one: string;
  readonly list: ComponentChildren;
  readonly isOpen: boolean;
  readonly children: ComponentChildren;
}

/** A list, and beside it (on a phone: in its place) the one that is open. */
export function Split({ title, one, list, isOpen, children }: Props) {
  return (
    <div class={`split ${title.toLowerCase()}${isOpen ? ' open' : ''}`}>
      <h1 id="list-title" class="hidden">
        {title}
      </h1>
      <section class="side" aria-labelledby="list-title">
        {list}
      </section>
      <section class="main" aria-label={one}>
        {children}
      </section>
    </div>
  );
}
