/** Says how a server is allowed what the library asks for: a request cannot allow it. */
export function inServerWords(reason: string): string {
  return reason.replace('pass `allowRemote`', 'start the server with --allow-remote (in code: allowRemote)');
}
