const PROBE_MS = 1_000;

/** The version of the hookcast that answers at this address; undefined when nothing or something else does. */
export async function probe(url: string, signal?: AbortSignal): Promise<string | undefined> {
  const signals = [AbortSignal.timeout(PROBE_MS), ...(signal === undefined ? [] : [signal])];
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.any(signals), redirect: 'manual' });
    await response.body?.cancel();
    return response.ok ? (response.headers.get('hookcast-version') ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
