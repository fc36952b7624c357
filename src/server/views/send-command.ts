import type { Override } from '../../event/overrides.ts';
import { serialise } from '../../json/serialise.ts';
import { shellWord } from '../../text/repeat-command.ts';
import { overridesOf } from '../deliveries/overrides-of.ts';
import type { NewDeliveryBody } from '../schemas/delivery.ts';

/** The command line that sends the same event; for a POSIX shell. Headers and wrong signatures have no flags. */
export function sendCommand(
  { body, text }: { readonly body: NewDeliveryBody; readonly text: string },
  { eventName, url }: { readonly eventName: string; readonly url: string },
): string {
  const { referenceId, at, id } = body;
  const words = [
    ...[eventName, '--to', url],
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
