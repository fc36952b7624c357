import { authorization, errorOf, send } from './client.ts';

export interface ServerEvent {
  readonly type: string;
  readonly data: unknown;
}

const AGAIN_MS = 1_500;

/**
 * Reads server-sent events with fetch, so that the token travels in a header. While the page is hidden the stream is
 * closed; when it opens (again), `onOpen` is told, since events were missed meanwhile.
 */
export function readStream(
  path: string,
  on: {
    readonly open: () => void;
    readonly event: (event: ServerEvent) => void;
    /** Undefined when it ended by itself. */
    readonly closed: (error: unknown) => void;
  },
): void {
  let current: AbortController | undefined;
  const follow = async (stop: AbortController) => {
    for (;;) {
      const error: unknown = await readOnce(path, { ...on, signal: stop.signal }).catch(
        (reason: unknown) => reason,
      );
      if (stop.signal.aborted) return;
      on.closed(error);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  };
  const check = () => {
    if (document.hidden) {
      current?.abort();
      current = undefined;
    } else if (current === undefined) {
      current = new AbortController();
      void follow(current);
    }
  };
  document.addEventListener('visibilitychange', check);
  check();
}

async function readOnce(
  path: string,
  on: { open: () => void; event: (event: ServerEvent) => void; signal: AbortSignal },
): Promise<void> {
  const response = await send(path, { signal: on.signal, headers: authorization() });
  if (!response.ok || response.body === null) throw await errorOf(response);
  on.open();
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== undefined) on.event(event);
    }
  }
}

/** A comment is not an event. */
function eventOf(block: string): ServerEvent | undefined {
  const fields = new Map(block.split('\n').map((line) => fieldOf(line)));
  const data = fields.get('data');
  return data === undefined ? undefined : { type: fields.get('event') ?? 'message', data: JSON.parse(data) };
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(': ');
  return [line.slice(0, colon), line.slice(colon + 2)];
}
