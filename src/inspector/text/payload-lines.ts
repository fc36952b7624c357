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
  const { lines } = writing;
  const ghosts = writing.ghosts.get(canonical(place.path)) ?? [];
  if (!isContainer(value) || Object.keys(value).length + ghosts.length === 0) {
    lines.push({ depth, text: `${key}${JSON.stringify(value)}${comma}` });
    return;
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  lines.push({ depth, text: `${key}${open}` });
  writeMembers(value, place, writing);
  for (const { path, entry } of ghosts) {
    lines.push({ depth: depth + 1, text: JSON.stringify(nameOf(path)), removedBy: entry });
  }
  lines.push({ depth, text: `${close}${comma}` });
}

function writeMembers(value: object, { path, depth }: Place, writing: Writing): void {
  const members = Object.entries(value);
  for (const [index, [name, member]] of members.entries()) {
    const place = Array.isArray(value)
      ? { path: `${path}[${name}]`, key: '' }
      : { path: joined(path, name), key: `${JSON.stringify(name)}: ` };
    write(member, { ...place, depth: depth + 1, comma: index === members.length - 1 ? '' : ',' }, writing);
  }
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
const joined = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);
const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('.')));
const nameOf = (path: string) => path.slice(path.lastIndexOf('.') + 1);

/** Keys may have been renamed after members were taken out: `name-last` became `nameLast`. */
function canonical(path: string): string {
  return path.toLowerCase().replaceAll(/[-_]/g, '').replace(/\.$/, '');
}
