import type { JsonObject, JsonValue } from '../../json/node.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import { ApiError } from '../errors.ts';
import { changes, lists, one, reads, type Call, type Result, type Route } from '../http/call.ts';
import { accountWith, createAccount, updateAccount, type AccountInput } from '../state/accounts.ts';
import { checkInUse, consolidate } from '../state/consolidation.ts';
import { redactAccount } from '../state/redaction.ts';
import { runSearch, find, list } from './lists.ts';
import { tagRoutes } from './tags.ts';

const accountOf = (call: Call) => find(call, call.param('account-id'), 'account');

export const accountRoutes: readonly Route[] = [
  changes('create-an-account', create),
  lists('list-all-accounts', (call) => list(call, 'account'), ['reference-id']),
  reads('retrieve-an-account', (call) => one(accountOf(call))),
  changes('update-an-account', (call) => {
    const { attributes = {} } = call.body('updateAccountSchema').data ?? {};
    return one(updateAccount(call.environment, accountOf(call), inputOf(attributes)));
  }),
  changes('redact-an-account', (call) => one(redactAccount(call.environment, accountOf(call)))),
  lists('search-accounts', (call) => runSearch(call, call.environment.store.all('account'))),
  changes('consolidate-into-an-account', (call) => {
    const account = accountOf(call);
    const sources = call.body('consolidateSchema').meta['source-account-ids'];
    return { status: 202, data: consolidate(call.environment, account, sources) };
  }),
  ...tagRoutes('accounts', 'account.updated-tags', usedAccountOf),
];

function usedAccountOf(call: Call): JsonObject {
  const account = accountOf(call);
  checkInUse(call.environment, account);
  return account;
}

/** `meta.upsert-by: reference-id` answers 200 with the account that is there. */
function create(call: Call): Result {
  const { environment } = call;
  const { data, meta } = call.body('createAccountSchema');
  const input = inputOf(data?.attributes ?? {});
  const key = meta?.['upsert-by'] ?? undefined;
  if (key !== undefined && canonicalKey(key) !== 'reference-id')
    throw new ApiError(501, 'meta.upsert-by: the sandbox finds accounts by reference-id alone.');
  const account = key === undefined ? undefined : accountWith(environment, input.referenceId);
  if (account !== undefined) return one(updateAccount(environment, account, input));
  return { status: 201, data: createAccount(environment, input) };
}

type Attributes = Readonly<Record<string, unknown>> & {
  readonly 'reference-id'?: string | undefined;
  readonly tags?: string[] | undefined;
  readonly 'account-status'?: string | undefined;
  readonly fields?: Readonly<Record<string, JsonValue>> | undefined;
};

const OWN: ReadonlySet<string> = new Set([
  ...['account-type-id', 'account-status', 'reference-id', 'selfie-photo', 'tags', 'fields'],
  'social-security-number',
]);

function inputOf(attributes: Attributes): AccountInput {
  const beside = Object.entries(attributes).filter(([name, value]) => !OWN.has(name) && value !== undefined);
  return {
    referenceId: attributes['reference-id'],
    tags: attributes.tags,
    status: attributes['account-status'],
    fields: { ...(Object.fromEntries(beside) as Record<string, JsonValue>), ...attributes.fields },
  };
}
