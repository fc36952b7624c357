import type { JsonObject } from '../json/node.ts';

/** What happened, ready to become a payload: everything is there, in the newest API version. */
export interface Event {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** The whole event: `{"data": {"type": "event", …}}`. */
  readonly document: JsonObject;
}
