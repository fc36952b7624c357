import type { Override } from '../../event/overrides.ts';
import { at, fromValue, type JsonValue } from '../../json/node.ts';
import { parseJson } from '../../json/parse.ts';

export interface Edits {
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  readonly add?: Readonly<Record<string, unknown>> | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** The changes that a request asks for. Numbers keep the spelling that they have in its text. */
export function overridesOf({ set = {}, add = {}, remove = [] }: Edits, text: string): Override[] {
  const document = Object.keys({ ...set, ...add }).length === 0 ? undefined : parseJson(text);
  const valued = (kind: 'set' | 'add', values: Readonly<Record<string, unknown>>) =>
    Object.entries(values).map(([path, value]) => ({
      ...{ kind, path },
      value: at(document, kind, path) ?? fromValue(value as JsonValue),
    }));
  const removals = remove.map((path) => ({ kind: 'remove' as const, path }));
  return [...valued('set', set), ...valued('add', add), ...removals];
}
