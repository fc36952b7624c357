/** What a look at a receiver behind https tells. */
export interface TlsReport {
  /** Undefined when the chain is complete and ends at a trusted authority; otherwise the reason's code. */
  readonly chainFault?: string | undefined;
  /** Undefined when the certificate is for the host's name. */
  readonly nameFault?: string | undefined;
  /** `TLSv1.3` */
  readonly protocol: string;
  /** Milliseconds since 1970. */
  readonly validToMs: number;
  readonly offersHttp2: boolean;
  /** The kinds of address that the host's name has. */
  readonly addressFamilies: readonly (4 | 6)[];
}
