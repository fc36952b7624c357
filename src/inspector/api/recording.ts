/** Answers of the server by their paths, put into the page: it then shows what was, without a server. */
export interface PageRecording {
  readonly exportedAt: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

export const recording: PageRecording | undefined = readRecording();

function readRecording(): PageRecording | undefined {
  const text = document.getElementById('recording')?.textContent ?? '';
  return text === '' ? undefined : (JSON.parse(text) as PageRecording);
}

/** @throws {Error} for what is not in the page */
export function recordedAnswer(path: string): unknown {
  const answer = recording?.answers[path];
  if (answer === undefined) throw new Error(`${path} is not part of this file`);
  return answer;
}
