/** A body with one thing wrong: a member too many, a member too few, or a value of another type. */
export function mutationsOf(body) {
  return placesIn(body).flatMap((path) => [
    ...values(path, body),
    ...(isObject(at(body, path))
      ? [{ name: `${shown(path)} with another member`, body: withMember(body, path) }]
      : []),
    ...(path.length > 0 && isObject(at(body, path.slice(0, -1)))
      ? [{ name: `${shown(path)} missing`, body: without(body, path) }]
      : []),
  ]);
}

function values(path, body) {
  const wrong = [12345, 'text', [], true, null].filter(
    (value) => typeName(value) !== typeName(at(body, path)),
  );
  return wrong.map((value) => ({
    name: `${shown(path)} = ${JSON.stringify(value)}`,
    body: path.length === 0 ? value : replaced(body, path, value),
  }));
}

function placesIn(value, path = []) {
  if (value === null || typeof value !== 'object') return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, key]))];
}

function at(value, path) {
  return path.reduce((node, key) => node?.[key], value);
}

function replaced(body, path, value) {
  const copy = structuredClone(body);
  const parent = at(copy, path.slice(0, -1));
  parent[path.at(-1)] = value;
  return copy;
}

function without(body, path) {
  const copy = structuredClone(body);
  Reflect.deleteProperty(at(copy, path.slice(0, -1)), path.at(-1));
  return copy;
}

function withMember(body, path) {
  return path.length === 0
    ? { ...body, 'not-a-member': 'x' }
    : replaced(body, [...path, 'not-a-member'], 'x');
}

function isObject(value) {
  return typeName(value) === 'object';
}

function typeName(value) {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function shown(path) {
  return path.length === 0 ? 'the body' : path.join('.');
}
