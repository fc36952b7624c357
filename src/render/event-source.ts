/** Where a load run's events come from; an event is known by its number alone. */
export interface EventSource {
  /** How many there are; Infinity where it does not end. */
  readonly count: number;
  /** How many events in a row belong together, so that one worker sends them. @default 1 */
  readonly together?: number | undefined;
  /** It owns the bytes that it renders into. */
  createRenderer(): EventRenderer;
}

export interface EventRenderer {
  /** Makes the event of this number as it happened at `atMs`; the same numbers always give the same bytes. */
  render(eventNumber: number, atMs: number): RenderedEvent;
  /** What `render` would say of it, for who needs no body. */
  identify?(eventNumber: number): EventIdentity;
}

/** Valid until the next call of the renderer that made it. */
export interface EventIdentity {
  readonly eventName: string;
  readonly eventId: string;
}

/** Valid until the next call of the renderer that made it. */
export interface RenderedEvent extends EventIdentity {
  /** Exactly the bytes to sign and send. */
  readonly body: Buffer;
}

/** Which event it is: from the renderer's short way, if it has one. */
export function identify(
  renderer: EventRenderer,
  { eventNumber, happenedAtMs }: { readonly eventNumber: number; readonly happenedAtMs: number },
): EventIdentity {
  return renderer.identify?.(eventNumber) ?? renderer.render(eventNumber, happenedAtMs);
}
