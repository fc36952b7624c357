import { DEVELOPMENT_SECRET, Secret } from '../../signing/sign.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

const WHAT = 'secret';
const SHELL_VARIABLE = /\$\{?[A-Za-z_]\w*\}?/;

/** Looks at the form of the webhook secret, and never prints it. */
export function examineSecret(secret: string | undefined): Finding {
  if (secret === undefined || secret === DEVELOPMENT_SECRET) {
    const mend = 'pass --secret, or set PERSONA_WEBHOOK_SECRET, to the secret that your receiver knows';
    return warning(
      WHAT,
      `none is given: events are signed with the development secret ${DEVELOPMENT_SECRET}`,
      mend,
    );
  }
  if (secret.trim() === '') return problem(WHAT, 'it is empty', 'is PERSONA_WEBHOOK_SECRET set?');
  if (SHELL_VARIABLE.test(secret)) {
    return problem(
      WHAT,
      'it holds the name of a variable, not its value',
      'single quotes keep $… as it is: use double quotes',
    );
  }
  const { oddity } = new Secret(secret);
  if (oddity === undefined) return ok(WHAT, "has the form of Persona's secrets");
  return warning(
    WHAT,
    oddity,
    'copy it again from the webhook in the dashboard, prefix included, nothing around it',
  );
}
