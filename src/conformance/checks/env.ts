import type { Check } from '../check.ts';
import { ENV_NAME_CHECKS } from './env-names.ts';
import { GENERATED_PAYLOADS } from './env-generated.ts';
import { ENV_READING_CHECKS } from './env-reading.ts';
import { ENV_SHAPE_CHECKS } from './env-shape.ts';

const numberOf = ({ id }: Check) => Number(id.split('-')[1]);

/** What stands in an event: its name, what may be missing from it, and what is to be read of it. */
export const ENV_CHECKS: readonly Check[] = [
  ...ENV_NAME_CHECKS,
  ...ENV_SHAPE_CHECKS,
  ...ENV_READING_CHECKS,
  GENERATED_PAYLOADS,
].sort((a, b) => numberOf(a) - numberOf(b));
