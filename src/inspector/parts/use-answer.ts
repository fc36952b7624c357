import { useEffect, useState } from 'preact/hooks';
import { messageOf, post } from '../api/client.ts';
import type { Loaded } from './use-loaded.ts';

/** Long enough for the next key. */
export const TYPING_MS = 250;

interface Question {
  readonly path: string;
  /** Without one nothing is asked. */
  readonly body: object | undefined;
  /** How long the body has to stay as it is. */
  readonly delayMs?: number;
  /** Asked anew when this changes. */
  readonly revision?: unknown;
}

/** What the API answers to a body that changes, and until then what it answered before. */
export function useAnswer<Value>({ path, body, delayMs = 0, revision }: Question): Loaded<Value> {
  const [state, setState] = useState<Loaded<Value>>({});
  const key = JSON.stringify(body);
  useEffect(() => {
    if (body === undefined) return undefined;
    let isStale = false;
    const timer = setTimeout(() => {
      post<Value>(path, body).then(
        (value) => isStale || setState({ value }),
        (error: unknown) => isStale || setState({ error: messageOf(error) }),
      );
    }, delayMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [path, key, revision]);
  return body === undefined ? {} : state;
}
