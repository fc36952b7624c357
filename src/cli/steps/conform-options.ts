import { diskFiles } from '../../fixture/files.ts';
import { commandHook, createHook } from '../../conformance/hooks.ts';
import { commandOracle, httpOracle } from '../../conformance/oracles.ts';
import type { ConformOptions } from '../../conformance/conform.ts';
import { checkSourceAddress } from '../../http/source-address.ts';
import { parseDurationMs } from '../../delivery/time-scale.ts';
import { UsageError } from '../../errors.ts';
import { readSource } from '../../fixture/load.ts';
import { validate } from '../../json/validate.ts';
import { POLICIES } from '../../persona/policies.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import { CHECKS } from '../../conformance/suite.ts';
import { configureWebhook } from '../../webhook/configure.ts';
import { httpUrl, shownUrl, urlFault } from '../../text/http-url.ts';
import { maskUrl } from '../../text/mask.ts';
import { textOfFile } from '../../text/utf8.ts';
import type { CommandContext } from '../context.ts';
import { baselineSchema } from '../files/baseline.ts';
import { CONFORM, HOOK_NAMES, type ConformFlags } from '../flags/conform.ts';
import { readWebhook, urlOf } from './resolve-webhooks.ts';
import { readCa, sourceHeaders } from '../flags/run.ts';

/** What the flags and the environment ask for. @throws {UsageError | ContentError | FileError} */
export async function conformOptions(flags: ConformFlags, context: CommandContext): Promise<ConformOptions> {
  const { env } = context.io;
  const webhook = fromSource(await readWebhook(flags.webhook, { to: flags.to?.[0] }, context), flags);
  if (flags.source !== undefined) await checkSourceAddress(flags.source);
  const ca = await readCa(flags);
  return {
    ...flags,
    webhook,
    receivers: receiversFrom(flags.to ?? [webhook.url ?? urlOf(env) ?? '']),
    secret: nonEmpty(flags.secret) ?? secretOf(webhook) ?? nonEmpty(env['PERSONA_WEBHOOK_SECRET']),
    toleranceSeconds: flags.tolerance,
    oracle: oracleFrom(flags, ca),
    ...hooksFrom(flags.hook ?? []),
    referenceTemplate: flags.referenceId,
    policy: POLICIES.find(({ name }) => name === flags.policy),
    readLog: flags.logFile === undefined ? undefined : logReader(flags.logFile),
    known: await readBaseline(flags.baseline, context),
    repeatFlags: repeatFlags(flags),
    ca,
    sourceAddress: flags.source,
  };
}

function fromSource(webhook: WebhookAttributes, flags: ConformFlags): WebhookAttributes {
  const headers = { ...webhook['custom-http-headers'], ...sourceHeaders(flags) };
  return { ...webhook, 'custom-http-headers': headers };
}

/** Whatever a check is answered differently without. The secret stays out: a shell's history is read by others. */
function repeatFlags(flags: ConformFlags): string[] {
  const given = { ...flags, oracleUrl: flags.oracleUrl === undefined ? undefined : maskUrl(flags.oracleUrl) };
  return REPEATED.flatMap((name) => {
    const value = given[name];
    const [flag = ''] = CONFORM[name].spelling.split(' ');
    if (value === undefined || value === true) return value === true ? [flag] : [];
    return [value].flat().flatMap((one) => [flag, String(one)]);
  });
}

const REPEATED = [
  ...(['webhook', 'oracleUrl', 'oracleCmd', 'logFile', 'tolerance', 'ca', 'referenceId', 'policy'] as const),
  ...(['source', 'forwardedFor', 'hook', 'insecure', 'allowRemote', 'strict'] as const),
] as const;

/**
 * Refuses, before anything is sent, what could only go wrong later, and says what the user should know.
 * @throws {UsageError | FileError}
 */
export async function checkConformOptions(options: ConformOptions, context: CommandContext): Promise<void> {
  const { webhook = {}, secret, receivers, readLog } = options;
  const attributes = secret === undefined ? webhook : { ...webhook, secrets: [{ value: secret }] };
  const warnings = receivers.flatMap(({ url }) => configureWebhook({ ...attributes, url }).warnings);
  for (const warning of new Set(warnings)) context.warn(warning);
  await readLog?.();
}

function secretOf({ secrets, secret }: WebhookAttributes): string | undefined {
  return secrets?.[0]?.value ?? secret ?? undefined;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** `http://…`, or `name=http://…` where a run tests several; no URL has a `=` before its colon. */
function receiversFrom(targets: readonly string[]): { name: string; url: string }[] {
  const receivers = targets.map((target) => {
    const match = /^([\w.-]+)=(.+)$/.exec(target);
    const url = match?.[2] ?? target;
    return { name: match?.[1] ?? (URL.canParse(url) ? new URL(url).host : url), url };
  });
  const names = receivers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return receivers;
  throw new UsageError(
    `--to: two receivers are called ${shownUrl(twice)}; name them: --to a=http://… --to b=http://…`,
  );
}

function oracleFrom({ oracleUrl, oracleCmd, allowRemote, insecure }: ConformFlags, ca: string | undefined) {
  if (oracleUrl !== undefined && oracleCmd !== undefined) {
    throw new UsageError('--oracle-url and --oracle-cmd: pass only one of them');
  }
  if (oracleCmd !== undefined) return commandOracle(oracleCmd);
  if (oracleUrl === undefined) return undefined;
  const url = httpUrl(oracleUrl);
  if (url === undefined) throw new UsageError(`--oracle-url ${urlFault(oracleUrl)}`);
  return httpOracle(url, { allowRemote, insecure, ca });
}

function hooksFrom(texts: readonly string[]): Pick<ConformOptions, 'hooks' | 'create'> {
  const commands = texts.map(hookFrom);
  const create = commands.find(([name]) => name === 'create')?.[1];
  const others = commands.filter(([name]) => name !== 'create');
  return {
    hooks: Object.fromEntries(others.map(([name, command]) => [name, commandHook(name, command)])),
    create: create === undefined ? undefined : createHook(create),
  };
}

function hookFrom(text: string): readonly [name: string, command: string] {
  const [name = '', ...command] = text.split('=');
  if (HOOK_NAMES.includes(name) && command.join('').trim() !== '') return [name, command.join('=')];
  throw new UsageError(
    `--hook '${text}': expected <name>=<command> with one of these names: ${HOOK_NAMES.join(', ')}`,
  );
}

function logReader(path: string): () => Promise<string> {
  return async () => textOfFile(await diskFiles.read(path), path);
}

async function readBaseline(path: string | undefined, context: CommandContext): Promise<string[]> {
  if (path === undefined) return [];
  const { node } = await readSource(path, diskFiles);
  const known = validate(baselineSchema, node, path);
  const unknown = known.filter((id) => !CHECKS.some((check) => check.id === id));
  if (unknown.length > 0) context.warn(`${path}: there is no check ${unknown.join(', ')}`);
  return known;
}

/** `30s` in milliseconds. */
export function durationOf(text: string, flag: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined) return ms;
  throw new UsageError(`${flag} ${text}: expected a duration such as 30s or 2m`);
}
