/** A URL that a narrow page breaks after its slashes, not within a word. */
export function Address({ text }: { text: string }) {
  return text.split(/(?<=[/?&])/).map((part, index) => (
    <>
      {index > 0 && <wbr />}
      {part}
    </>
  ));
}
