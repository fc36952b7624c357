/** An answer whose body is a text that is there already. A web `Response` costs more than most of them. */
export interface TextAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly text: string;
}

/** As much of a request as the operations read; a web `Request` is one. */
export interface TextRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** Hono hands on what a handler returns as it is. */
export function handedOn(answer: TextAnswer): Response {
  return answer as unknown as Response;
}

export function toResponse(answer: TextAnswer | Response): Response {
  if ('bodyUsed' in answer) return answer;
  const { status, headers, text } = answer;
  return new Response(text, { status, headers });
}
