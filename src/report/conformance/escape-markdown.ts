/**
 * For text within a line of Markdown, not at its beginning. Character references are text to every Markdown
 * parser, whatever they stand for, while a backslash does not stop HTML, links without brackets, or mentions.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[^A-Za-z0-9 ,;=/()'"\u0080-\uffff-]/g, reference).replace(/\p{Surrogate}/gu, '\ufffd');
}

function reference(character: string): string {
  const code = character.charCodeAt(0);
  return code < 32 ? ' ' : `&#${code};`;
}
