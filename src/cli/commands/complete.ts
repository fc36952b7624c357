import { candidates } from '../completion/candidates.ts';
import type { ConfigureCommand } from '../context.ts';

/** The program has loaded every command that is named among the words, as it does for all command lines. */
export const configure: ConfigureCommand = (command, context) => {
  command.argument('[words...]', 'the words behind hookcast, after --').action(async (words: string[]) => {
    const program = command.parent;
    if (program === null) return;
    for (const { value, description } of await candidates(program, words))
      context.print(description === '' ? value : `${value}\t${description}`);
  });
};
