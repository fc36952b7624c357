export interface Count {
  readonly passed: number;
  readonly failed: number;
}

export interface ApiCheck {
  readonly answers: Count;
  readonly examples: Count;
  readonly mutations: Count;
  readonly faults: readonly string[];
}

/** Every version that has an official folder, or those given. */
export function checkApi(directory: string, versions?: readonly string[]): Promise<ApiCheck>;
