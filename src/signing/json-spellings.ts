import { toValue, type JsonMember, type JsonNode } from '../json/node.ts';
import { serialise } from '../json/text.ts';
import {
  escaping,
  floats,
  SHORT_ESCAPES,
  sortedByKey,
  spellJson,
  type FloatLook,
  type JsonSpelling,
} from './spell-json.ts';

/** A library that parses JSON and prints it again, as receivers do that do not keep the bytes. */
export interface JsonPrinter {
  readonly id: string;
  /** Completes "as … prints it". */
  readonly name: string;
  readonly print: (node: JsonNode) => string;
}

const COMPACT = { comma: ',', colon: ':' };
const SPACED = { comma: ', ', colon: ': ' };

const RUBY_FLOAT: FloatLook = {
  plain: [-4, 16],
  hasFraction: true,
  exponent: (power) => `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`,
  isMantissaFractional: true,
};

const rubyNumber = floats(RUBY_FLOAT);
const pythonNumber = floats({ ...RUBY_FLOAT, isMantissaFractional: false });

/** `serialize_precision` -1, without JSON_PRESERVE_ZERO_FRACTION. */
const phpNumber = floats({
  plain: [-4, 17],
  hasFraction: false,
  exponent: (power) => `e${power < 0 ? '-' : '+'}${Math.abs(power)}`,
  isMantissaFractional: true,
});

/** `Double.toString`. */
const javaNumber = floats({
  plain: [-3, 7],
  hasFraction: true,
  exponent: (power) => `E${power}`,
  isMantissaFractional: true,
});

/** All numbers are doubles, printed as ECMAScript does. */
const goNumber = (text: string): string => {
  const value = Number(text);
  return Object.is(value, -0) ? '-0' : String(value);
};

const asWritten = (text: string): string => text;

const NOT_ASCII = /[\u0080-\uffff]/;

const ASCII_PYTHON = escaping({ also: /[\u007f-\uffff]/ });

/** `json.dumps` in each combination of its three common settings. */
const PYTHON: readonly JsonPrinter[] = [
  { settings: [], spelling: { ...SPACED, string: ASCII_PYTHON } },
  { settings: ['ensure_ascii=False'], spelling: { ...SPACED, string: escaping() } },
  { settings: ["separators=(',', ':')"], spelling: { ...COMPACT, string: ASCII_PYTHON } },
  {
    settings: ["separators=(',', ':')", 'ensure_ascii=False'],
    spelling: { ...COMPACT, string: escaping() },
  },
].flatMap(({ settings, spelling }) => [
  python(settings, spelling),
  python([...settings, 'sort_keys=True'], { ...spelling, order: sortedByKey }),
]);

function python(settings: readonly string[], spelling: Omit<JsonSpelling, 'number'>): JsonPrinter {
  const id = ['python', ...settings.map((setting) => setting.split('=')[0])].join('-');
  const name = `Python's json.dumps${settings.length === 0 ? '' : ` with ${settings.join(' and ')}`}`;
  return printer({ id, name }, { ...spelling, number: pythonNumber });
}

const PHP_SLASH = { ...SHORT_ESCAPES, '/': '\\/' };

/** Objects become arrays in PHP unless they are decoded as objects: an empty one is printed as `[]`. */
const PHP: readonly JsonPrinter[] = [
  { flags: [], string: escaping({ also: /[/\u0080-\uffff]/, short: PHP_SLASH }) },
  { flags: ['JSON_UNESCAPED_SLASHES'], string: escaping({ also: NOT_ASCII }) },
  { flags: ['JSON_UNESCAPED_UNICODE'], string: escaping({ also: /[/\u2028\u2029]/, short: PHP_SLASH }) },
  {
    flags: ['JSON_UNESCAPED_SLASHES', 'JSON_UNESCAPED_UNICODE'],
    string: escaping({ also: /[\u2028\u2029]/ }),
  },
].flatMap(({ flags, string }) => {
  const id = ['php', ...flags.map((flag) => flag.replace('JSON_UNESCAPED_', '').toLowerCase())].join('-');
  const name = `PHP's json_encode${flags.length === 0 ? '' : ` with ${flags.join(' | ')}`}`;
  const spelling = { ...COMPACT, string, number: phpNumber };
  return [
    printer({ id: `${id}-arrays`, name }, { ...spelling, emptyObject: '[]' }),
    printer({ id, name: `${name} after json_decode into objects` }, spelling),
  ];
});

const HTML_SAFE = /[<>&\u2028\u2029]/;

/** Escapes by default all but Latin letters, digits and what HTML leaves alone. */
const DOTNET = escaping({
  also: /[&'<>+`\u007f-\uffff]/,
  hex: 'upper',
  short: { ...SHORT_ESCAPES, '"': '\\u0022' },
});

const OTHERS: readonly JsonPrinter[] = [
  printer(
    { id: 'ruby', name: "Ruby's JSON.generate" },
    { ...COMPACT, string: escaping(), number: rubyNumber },
  ),
  printer(
    { id: 'rails', name: "Rails' to_json" },
    { ...COMPACT, string: escaping({ also: HTML_SAFE }), number: rubyNumber },
  ),
  printer(
    { id: 'go', name: "Go's json.Marshal of a map" },
    { ...COMPACT, string: escaping({ also: HTML_SAFE }), number: goNumber, order: sortedByKey },
  ),
  printer(
    { id: 'jackson', name: "Java's Jackson" },
    { ...COMPACT, string: escaping({ hex: 'upper' }), number: javaNumber },
  ),
  printer(
    { id: 'gson', name: "Java's Gson" },
    { ...COMPACT, string: escaping({ also: /[<>&='\u2028\u2029]/ }), number: asWritten, dropsNull: true },
  ),
  printer({ id: 'dotnet', name: "C#'s System.Text.Json" }, { ...COMPACT, string: DOTNET, number: asWritten }),
  { id: 'compact', name: 'a parser that keeps the spelling of numbers and text', print: serialise },
];

/** JSON.stringify itself, with keys that look like integers first, as objects of JavaScript hold them. */
const JAVASCRIPT: readonly JsonPrinter[] = [
  { id: 'javascript', name: 'JSON.stringify', print: (node) => JSON.stringify(toValue(node)) },
  {
    id: 'javascript-pretty',
    name: 'JSON.stringify with an indentation of 2',
    print: (node) => JSON.stringify(toValue(node), null, 2),
  },
  {
    id: 'javascript-sorted',
    name: 'JSON.stringify of sorted keys',
    print: (node) => JSON.stringify(toValue(sorted(node))),
  },
];

/** The commonest first. */
export const JSON_PRINTERS: readonly JsonPrinter[] = [...JAVASCRIPT, ...PYTHON, ...OTHERS, ...PHP];

function printer(
  { id, name }: { readonly id: string; readonly name: string },
  spelling: JsonSpelling,
): JsonPrinter {
  return { id, name, print: (node) => spellJson(node, spelling) };
}

function sorted(node: JsonNode): JsonNode {
  if (node.kind === 'array') return { kind: 'array', items: node.items.map(sorted) };
  if (node.kind === 'scalar') return node;
  const members = node.members.map((entry): JsonMember => ({ ...entry, value: sorted(entry.value) }));
  return { kind: 'object', members: members.toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
}
