import type { ControlApi } from './control-api.ts';
import type { ServerState } from './server-state.ts';

/** The routes, which bring all schemas: loaded with the first request that is for one of them. */
export interface LateControlApi {
  load(): Promise<ControlApi>;
  /** Undefined until then. */
  loaded(): ControlApi | undefined;
}

export function lateControlApi(state: ServerState): LateControlApi {
  let api: ControlApi | undefined;
  const load = async () => {
    const { createControlApi } = await import('./control-api.ts');
    return (api ??= createControlApi(state));
  };
  return { load, loaded: () => api };
}
