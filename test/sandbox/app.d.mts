export interface App {
  readonly url: string;
  statusOf(person: string): string | undefined;
  verify(person: string, lastName: string): Promise<string>;
  api(method: string, path: string, body?: unknown): Promise<any>;
  sweep(): Promise<void>;
  close(): Promise<void>;
}
export function startApp(options: {
  baseUrl: string;
  secret: () => string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  loses?: (event: any) => boolean;
}): Promise<App>;
