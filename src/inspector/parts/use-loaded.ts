import { useEffect, useState } from 'preact/hooks';
import { get, messageOf } from '../api/client.ts';

export interface Loaded<Value> {
  readonly value?: Value;
  readonly error?: string;
}

/**
 * What the API answers for a path; asked anew when `revision` changes, and meanwhile what it answered before.
 * Without a path nothing is asked.
 */
export function useLoaded<Value>(path: string | undefined, revision?: unknown): Loaded<Value> {
  const [state, setState] = useState<Loaded<Value> & { readonly path?: string }>({});
  useEffect(() => {
    if (path === undefined) return undefined;
    const stop = new AbortController();
    get<Value>(path, stop.signal).then(
      (value) => setState({ path, value }),
      (error: unknown) => {
        if (!stop.signal.aborted) setState({ path, error: messageOf(error) });
      },
    );
    return () => stop.abort();
  }, [path, revision]);
  return state.path === path ? state : {};
}
