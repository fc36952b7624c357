/**
 * What XML 1.0 cannot hold, not even as a reference: most controls, lone surrogates, U+FFFE and U+FFFF; and DEL and
 * C1, which it can, but a terminal would act on.
 */
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  // `]]>` may not stand in text.
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser would make a line feed of it.
  '\r': '&#13;',
};

/** For the text between tags. */
export function escapeXml(text: string): string {
  return text.replace(ILLEGAL, '').replace(/[&<>"'\r]/g, (character) => ENTITIES[character] ?? '');
}

/** For quoted attribute values, where a parser would make spaces of line feeds and tabs. */
export function escapeXmlAttribute(text: string): string {
  return escapeXml(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
