/** How long an attempt may take, what counts as success, and how long to wait after each failure. */
export interface DeliveryPolicy {
  readonly name: string;
  /** Limit of one attempt, from its start to the complete response. Never scaled. */
  readonly timeoutMs: number;
  readonly acceptedStatuses: readonly number[];
  /** The wait after the 1st, 2nd, … failed attempt; one more attempt than delays is made. */
  readonly delaysSeconds: readonly number[];
  readonly source: string;
}

/** Webhooks Overview of 2022-09: "an 200 OK within 5 seconds", "up to 8 times" and eight delays (n^6 + 2). */
const persona2022: DeliveryPolicy = {
  name: 'persona-2022',
  timeoutMs: 5_000,
  acceptedStatuses: [200],
  delaysSeconds: [3, 66, 731, 4_098, 15_627, 46_658, 117_651, 262_146],
  source: 'Persona, Webhooks Overview (2022-09)',
};

/** Webhooks guide of 2026-02: four statuses, first attempt and up to 7 more (n^6), "approximately". */
const persona2026: DeliveryPolicy = {
  name: 'persona-2026',
  timeoutMs: 5_000,
  acceptedStatuses: [200, 201, 202, 204],
  delaysSeconds: [3, 64, 729, 4_096, 15_625, 46_656, 117_649],
  source: 'Persona, Webhooks and Webhook Best Practices (2026-02)',
};

/** Webhook best practices of 2020: five tries at 0, 3, 18, 83 and 258 s (n^4 + 2). */
const persona2020: DeliveryPolicy = {
  name: 'persona-2020',
  timeoutMs: 5_000,
  acceptedStatuses: [200],
  delaysSeconds: [3, 18, 83, 258],
  source: 'Persona, Webhook Best Practices (2020)',
};

export const POLICIES: readonly DeliveryPolicy[] = [persona2022, persona2026, persona2020];

/** Where sources conflict the overview is followed; the others are a flag away. */
export const DEFAULT_POLICY: DeliveryPolicy = persona2022;
