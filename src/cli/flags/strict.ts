import { InvalidArgumentError, type Command, type Option } from 'commander';
import { UsageError } from '../../errors.ts';
import { isCredentialHeader } from '../../text/credential-header.ts';
import { maskUrl } from '../../text/mask.ts';
import { nearest } from '../../text/nearest.ts';
import { printable } from '../../text/printable.ts';

type ParseValue = (text: string, previous: unknown) => unknown;

/**
 * Has every flag of a command refuse a value that is empty, as of a shell variable that is not set, and say of a wrong
 * one which flag, what it got and what was expected. A secret is never repeated.
 */
export function makeStrict(command: Command): void {
  for (const option of command.options) if (option.required || option.optional) strictly(option, command);
}

function strictly(option: Option, command: Command): void {
  const flag = option.long ?? option.flags;
  const parse: ParseValue =
    option.argChoices === undefined
      ? ((option.parseArg as ParseValue | undefined) ?? ((text) => text))
      : (text) => choice(text, option.argChoices ?? []);
  option.argParser((text: string, previous: unknown) => {
    const help = `\n(see: hookcast ${nameOf(command)} --help)`;
    if (text.trim() === '') throw new UsageError(`${flag} is empty${VARIABLES[flag] ?? ''}${help}`);
    try {
      return parse(text, previous);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw new UsageError(`${flag}${shown(flag, text)}: ${lowerFirst(error.message)}${help}`, {
        cause: error,
      });
    }
  });
}

/** Where an empty value most likely comes from. */
const VARIABLES: Readonly<Record<string, string>> = {
  '--secret': '; is PERSONA_WEBHOOK_SECRET set?',
  '--to': '; is HOOKCAST_URL set?',
  '--journal': '; is HOOKCAST_JOURNAL set?',
};

function shown(flag: string, text: string): string {
  if (flag === '--header' || isCredentialHeader(flag)) return '';
  return ` ${maskUrl(printable(text, 80))}`;
}

function choice(text: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text;
  const [close] = nearest(text, choices);
  const guess = close === undefined ? '' : `; did you mean ${close}?`;
  throw new InvalidArgumentError(`expected one of ${choices.join(', ')}${guess}`);
}

/** `fixtures import` for the command of a command. */
function nameOf(command: Command): string {
  const names = [command.name()];
  for (let above = command.parent; above?.parent != null; above = above.parent) names.unshift(above.name());
  return names.join(' ');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
