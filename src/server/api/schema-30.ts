/** A schema of zod's as OpenAPI 3.0 has it, which knows fewer words than JSON Schema, and wants a type beside `nullable`. */
export function schema30(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(schema30);
  if (schema === null || typeof schema !== 'object') return schema;
  const { nullable, type } = schema as { nullable?: unknown; type?: unknown };
  const changed = Object.entries(schema).flatMap(([word, value]) => said(word, value, schema));
  return Object.fromEntries(
    nullable === true && type === undefined ? [['type', 'object'], ...changed] : changed,
  );
}

// eslint-disable-next-line complexity -- one line per word
function said(word: string, value: unknown, schema: object): [word: string, value: unknown][] {
  switch (word) {
    case 'properties':
      return [
        [
          word,
          Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, schema30(one)])),
        ],
      ];
    case '$schema':
    case '$id':
    case 'id':
    case 'contentEncoding':
      return [];
    case 'const':
      return [['enum', [value]]];
    case 'examples':
      return [['example', (value as readonly unknown[])[0]]];
    case 'format':
      return [[word, value === 'base64' ? 'byte' : value]];
    case 'pattern':
      // The two formats say as much, and a reader can see it.
      return isFormatted(schema) ? [] : [[word, value]];
    case 'minimum':
    case 'maximum':
      return Math.abs(value as number) === Number.MAX_SAFE_INTEGER ? [] : [[word, value]];
    case '$ref':
      return isOfAnyJson(String(value)) ? [] : [[word, String(value).replace('__shared#/definitions/', '')]];
    default:
      return [[word, schema30(value)]];
  }
}

/** The only schema of zod's that has no name of ours: that of any JSON value, which refers to itself. */
export function isOfAnyJson(reference: string): boolean {
  return /(?:^|\/)schema\d+$/.test(reference);
}

function isFormatted(schema: object): boolean {
  return 'format' in schema && (schema.format === 'date-time' || schema.format === 'base64');
}
