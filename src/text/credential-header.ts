const CREDENTIAL =
  /auth(?!or(?!i[sz]))|cookie|token|secret|key|pass(?:w|phrase|code|key)|pwd|credential|session|signature/i;

/** Persona's signature says nothing about its key, and a challenge is open to everybody. */
const OPEN = /^(?:persona-signature|(?:www|proxy)-authenticate)$/i;

/** Does a header of this name let in whoever knows its value? Then the value is not written down. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL.test(name) && !OPEN.test(name);
}
