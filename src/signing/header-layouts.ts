import type { SignatureSet } from './parse-header.ts';

/** How a digest is put into the signature header. */
export interface HeaderLayout {
  /** Completes "your receiver expects an HMAC …"; empty for Persona's own. */
  readonly description: string;
  readonly write: (set: SignatureSet) => string;
}

export const DOCUMENTED_LAYOUT: HeaderLayout = {
  description: '',
  write: ({ t, v1 }) => `t=${t},v1=${v1}`,
};

/** Other providers' layouts, which receivers expect by habit: the whole header is the digest. */
export const WHOLE_HEADER_LAYOUTS: readonly HeaderLayout[] = [
  {
    description: 'as the whole header (Persona sends `t=…,v1=…`)',
    write: ({ v1 }) => v1,
  },
  {
    description: 'as the whole header with `sha256=` in front (Persona sends `t=…,v1=…`)',
    write: ({ v1 }) => `sha256=${v1}`,
  },
];

/** Persona's members in another order or with other signs between them. */
export const NEAR_LAYOUTS: readonly HeaderLayout[] = [
  {
    description: 'in a header without t (Persona sends `t=…,v1=…`)',
    write: ({ v1 }) => `v1=${v1}`,
  },
  {
    description: 'in a header of the form `v1,…` (Persona sends `t=…,v1=…`)',
    write: ({ v1 }) => `v1,${v1}`,
  },
  {
    description: 'with v1 before t (Persona sends `t=…,v1=…`)',
    write: ({ t, v1 }) => `v1=${v1},t=${t}`,
  },
  {
    description: 'with a space after the comma (Persona sends `t=…,v1=…`)',
    write: ({ t, v1 }) => `t=${t}, v1=${v1}`,
  },
  {
    description: 'with a semicolon between t and v1 (Persona sends `t=…,v1=…`)',
    write: ({ t, v1 }) => `t=${t};v1=${v1}`,
  },
  {
    description: 'in two sets with a comma between them (Persona separates sets by a space)',
    write: ({ t, v1 }) => `t=${t},v1=${v1},t=${t},v1=${v1}`,
  },
];
