import type { Override } from '../../event/overrides.ts';
import { serialise } from '../../json/text.ts';
import { shellWord } from '../../text/repeat-command.ts';
import { overridesOf } from '../deliveries/new-deliveries.ts';
import type { NewDeliveryBody } from '../schemas/delivery.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';

/**
 * The command line that sends such an event to the webhook; for a POSIX shell. Headers, wrong signatures and some of
 * Persona's attributes have no flags, and a secret has no place here.
 */
export function sendCommand(
  { body, text }: { readonly body: NewDeliveryBody; readonly text: string },
  eventName: string,
  { simulator, attributes, extras }: Pick<ServedWebhook, 'simulator' | 'attributes' | 'extras'>,
): string {
  const { referenceId, at, id } = body;
  const { 'api-version': version, 'api-key-inflection': inflection } = attributes;
  const words = [
    ...[eventName, '--to', simulator.webhook.endpoint.url.href],
    ...(version == null ? [] : ['--api-version', version]),
    ...(inflection == null ? [] : ['--inflection', inflection]),
    ...(extras.included === undefined ? [] : ['--included', extras.included]),
    ...(attributes['api-attributes-blocklist'] ?? []).flatMap((entry) => ['--block', entry]),
    ...(referenceId === undefined ? [] : ['--reference-id', referenceId]),
    ...(at === undefined ? [] : ['--at', at]),
    ...(id === undefined ? [] : ['--id', id]),
    ...overridesOf(body, text).flatMap((override) => [`--${override.kind}`, assignment(override)]),
  ];
  return `hookcast send ${words.map(shellWord).join(' ')}`;
}

/** `path=text`, or `path:=json` for what is not text. */
function assignment(override: Override): string {
  if (override.kind === 'remove') return override.path;
  const json = serialise(override.value);
  return json.startsWith('"') ? `${override.path}=${String(JSON.parse(json))}` : `${override.path}:=${json}`;
}
