const CREDENTIAL =
  /auth(?!or(?!i[sz]))|cookie|token|secret|key|pass(?:w|phrase|code|key)|pwd|credential|session|signature/i;

/** Persona's signature says nothing about its key, and a challenge is open to everybody. */
const OPEN = /^(?:persona-signature|(?:www|proxy)-authenticate)$/i;

/** Is the value of a header of this name a credential? Then it is not recorded. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL.test(name) && !OPEN.test(name);
}
