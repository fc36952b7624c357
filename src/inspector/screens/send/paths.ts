/** Paths of the attributes of an event's object, as overrides name them. */
export function pathsOf(body: string): readonly string[] {
  let attributes: unknown;
  try {
    const event = JSON.parse(body) as {
      data: { attributes: { payload: { data: { attributes: unknown } } } };
    };
    attributes = event.data.attributes.payload.data.attributes;
  } catch {
    return [];
  }
  const paths: string[] = [];
  collect(attributes, '', paths);
  return paths;
}

function collect(value: unknown, path: string, paths: string[]): void {
  if (path !== '') paths.push(path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [name, member] of Object.entries(value)) {
    collect(member, path === '' ? name : `${path}.${name}`, paths);
  }
}
