/** Why several checks fail at once. */
export interface Diagnosis {
  /** One sentence for the owner of the receiver. */
  readonly text: string;
  /** Ids of the failed checks that it explains, the most telling first. */
  readonly explains: readonly string[];
}
