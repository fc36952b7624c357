/** What one look found: `skipped` where an earlier problem leaves nothing to look at. */
export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'problem' | 'skipped';
  readonly seen: string;
  /** How to mend it. */
  readonly mend?: string | undefined;
}

export const ok = (what: string, seen: string): Finding => ({ what, state: 'ok', seen });
export const warning = (what: string, seen: string, mend: string): Finding => ({
  ...{ what, state: 'warning', seen, mend },
});
export const problem = (what: string, seen: string, mend: string): Finding => ({
  ...{ what, state: 'problem', seen, mend },
});
export const skipped = (what: string, seen: string): Finding => ({ what, state: 'skipped', seen });
