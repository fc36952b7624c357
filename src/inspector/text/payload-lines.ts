export interface PayloadLine {
  readonly depth: number;
  readonly text: string;
  /** The entry of the blocklist that took this member out. */
  readonly removedBy?: string;
}

export interface Removal {
  readonly path: string;
  readonly entry: string;
}

/** Removals are told from here downwards. */
const PAYLOAD = 'data.attributes.payload';

/** The event in lines as it was sent, with the members that were taken out of it at their places. */
export function payloadLines(text: string, removed: readonly Removal[]): readonly PayloadLine[] {
  const ghosts = new Map<string, Removal[]>();
  for (const removal of removed) {
    const path = canonical(`${PAYLOAD}.${parentOf(removal.path)}`);
    ghosts.set(path, [...(ghosts.get(path) ?? []), removal]);
  }
  const lines: PayloadLine[] = [];
  write(JSON.parse(text), { path: '', depth: 0, key: '', comma: '' }, { lines, ghosts });
  return lines;
}

interface Place {
  readonly path: string;
  readonly depth: number;
  /** What stands in front of the value: `"name": `. */
  readonly key: string;
  readonly comma: string;
}

interface Writing {
  readonly lines: PayloadLine[];
  readonly ghosts: ReadonlyMap<string, readonly Removal[]>;
}

function write(value: unknown, place: Place, writing: Writing): void {
  const { depth, key, comma } = place;
  if (typeof value !== 'object' || value === null) {
    writing.lines.push({ depth, text: `${key}${JSON.stringify(value)}${comma}` });
    return;
  }
  const isList = Array.isArray(value);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const ghosts = writing.ghosts.get(canonical(place.path)) ?? [];
  const members = Object.entries(value);
  if (members.length + ghosts.length === 0) {
    writing.lines.push({ depth, text: `${key}${open}${close}${comma}` });
    return;
  }
  writing.lines.push({ depth, text: `${key}${open}` });
  for (const [index, [name, member]] of members.entries()) {
    const path = isList ? `${place.path}[${name}]` : joined(place.path, name);
    const label = isList ? '' : `${JSON.stringify(name)}: `;
    const ending = index === members.length - 1 ? '' : ',';
    write(member, { path, depth: depth + 1, key: label, comma: ending }, writing);
  }
  for (const { path, entry } of ghosts) {
    writing.lines.push({ depth: depth + 1, text: JSON.stringify(nameOf(path)), removedBy: entry });
  }
  writing.lines.push({ depth, text: `${close}${comma}` });
}

const joined = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);
const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('.')));
const nameOf = (path: string) => path.slice(path.lastIndexOf('.') + 1);

/** Keys may have been renamed after members were taken out: `name-last` became `nameLast`. */
function canonical(path: string): string {
  return path.toLowerCase().replaceAll(/[-_]/g, '').replace(/\.$/, '');
}
