import { unicodeEscape } from '../../text/printable.ts';

/** JSON without raw control characters: also what JSON allows, DEL and C1, would act on a terminal. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\u2028\u2029]/g, unicodeEscape);
}
