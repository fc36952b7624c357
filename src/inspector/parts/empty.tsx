import type { ComponentChildren } from 'preact';
import { isReadOnly } from '../api/client.ts';
import { capitalised } from '../text/format.ts';
import { sentence } from '../text/verdict.ts';

interface EmptyProps {
  readonly title?: string;
  readonly children?: ComponentChildren;
  /** Where the page has no other heading. */
  readonly Heading?: 'h1' | 'h2';
}

/** A place where there is nothing to see: why, and what to do next. */
export function Empty({ title, children, Heading = 'h2' }: EmptyProps) {
  return (
    <div class="empty">
      {title !== undefined && <Heading>{title}</Heading>}
      {children}
    </div>
  );
}

interface NotThereProps extends Pick<EmptyProps, 'title' | 'Heading'> {
  /** What the server says of it. */
  readonly error?: string;
  /** Where to go instead. */
  readonly back?: readonly [href: string, text: string];
}

/** What the address names, and is not there. */
export function NotThere({ error, back, ...empty }: NotThereProps) {
  return (
    <Empty {...empty}>
      {error !== undefined && <p>{sentence(capitalised(error))}</p>}
      {back !== undefined && (
        <p>
          <a href={back[0]}>{back[1]}</a>
        </p>
      )}
    </Empty>
  );
}

/** A link that looks like the button it stands for. */
export function LinkButton({ to, children }: { to: string; children: ComponentChildren }) {
  return (
    <a class="button primary" href={to}>
      {children}
    </a>
  );
}

/** What needs a webhook first leads to one, unless this server may not be given one. */
export function NoWebhook({ children, ...empty }: EmptyProps) {
  return (
    <Empty {...empty}>
      {children}
      <p>
        {isReadOnly.value ? (
          <>
            This server is read-only: start it with <code>--to</code> and the URL of your receiver.
          </>
        ) : (
          <LinkButton to="#/webhooks/new">Add a webhook</LinkButton>
        )}
      </p>
    </Empty>
  );
}
