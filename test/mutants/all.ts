import { ABUSE_MUTANTS } from './abuse.ts';
import { ACKNOWLEDGING_MUTANTS } from './acknowledging.ts';
import { DUPLICATE_MUTANTS } from './duplicates.ts';
import { LEAKAGE_MUTANTS } from './leakage.ts';
import { LOAD_MUTANTS } from './load.ts';
import { MISTAKEN_MUTANTS } from './mistaken.ts';
import type { Mutant } from './mutant.ts';
import { ORDER_MUTANTS } from './order.ts';
import { PAYLOAD_READING_MUTANTS } from './payload-reading.ts';
import { RAW_BODY_MUTANTS } from './raw-body.ts';
import { RETRY_MUTANTS } from './retries.ts';
import { ROTATION_MUTANTS } from './rotation.ts';
import { SIGNATURE_MUTANTS } from './signature.ts';
import { TIMESTAMP_MUTANTS } from './timestamps.ts';
import { TRANSPORT_MUTANTS } from './transport.ts';

/** Every mutant, in the order of the suite's families. */
export const ALL_MUTANTS: readonly Mutant[] = [
  ...MISTAKEN_MUTANTS,
  ...ACKNOWLEDGING_MUTANTS,
  ...SIGNATURE_MUTANTS,
  ...ROTATION_MUTANTS,
  ...RAW_BODY_MUTANTS,
  ...TIMESTAMP_MUTANTS,
  ...DUPLICATE_MUTANTS,
  ...ORDER_MUTANTS,
  ...RETRY_MUTANTS,
  ...PAYLOAD_READING_MUTANTS,
  ...TRANSPORT_MUTANTS,
  ...LEAKAGE_MUTANTS,
  ...ABUSE_MUTANTS,
  ...LOAD_MUTANTS,
];
