import { UsageError } from '../errors.ts';
import { moveScalar } from '../event/build.ts';
import { fromValue, mapScalars } from '../json/node.ts';
import { canonicalKey } from '../persona/key-convention.ts';
import type { PayloadFilter } from '../payload/filter.ts';
import { isConfigurationPrefix, prefixOfId } from '../persona/ids.ts';

/**
 * A webhook's verdict is given once for all events of a name. So its filter must not ask for what differs
 * between them. @throws {UsageError}
 */
export function refusePerEventFilter(filter: PayloadFilter | undefined): void {
  if (filter === undefined) return;
  mapScalars(fromValue(filter), (leaf, key) => {
    const reason = typeof leaf.value === 'string' ? fickleText(leaf.value) : undefined;
    const isTime = moveScalar(leaf, key === undefined ? undefined : canonicalKey(key), (ms) => ms) !== leaf;
    const why = reason ?? (isTime ? 'a time' : undefined);
    if (why !== undefined) throw refusal(leaf.text, why);
    return leaf;
  });
}

function fickleText(text: string): string | undefined {
  const prefix = prefixOfId(text);
  if (prefix !== undefined && !isConfigurationPrefix(prefix)) return 'an id';
  return /withpersona\.com\/.*files?|^https:\/\/files\.withpersona\.com\//.test(text)
    ? 'the URL of a file'
    : undefined;
}

function refusal(text: string, what: string): UsageError {
  return new UsageError(
    `payload-filter: ${text} is ${what}, which differs in every event of a load run, so that none or one would pass; ` +
      'filter by status, type, template or tag',
  );
}
