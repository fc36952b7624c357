import type { Check } from './check.ts';
import { ACK_CHECKS } from './checks/ack.ts';
import { ENV_CHECKS } from './checks/env.ts';
import { IDEM_CHECKS } from './checks/idem.ts';
import { LOAD_CHECKS } from './checks/load.ts';
import { NET_CHECKS } from './checks/net.ts';
import { ORD_CHECKS } from './checks/ord.ts';
import { RAW_CHECKS } from './checks/raw.ts';
import { ROT_CHECKS } from './checks/rot.ts';
import { RTY_CHECKS } from './checks/rty.ts';
import { SEC_CHECKS } from './checks/sec.ts';
import { SIG_CHECKS } from './checks/sig.ts';
import { TIME_CHECKS } from './checks/time.ts';

/** All checks, in the order in which they are run and reported. */
export const CHECKS: readonly Check[] = [
  ...ACK_CHECKS,
  ...SIG_CHECKS,
  ...ROT_CHECKS,
  ...RAW_CHECKS,
  ...TIME_CHECKS,
  ...IDEM_CHECKS,
  ...ORD_CHECKS,
  ...RTY_CHECKS,
  ...ENV_CHECKS,
  ...NET_CHECKS,
  ...SEC_CHECKS,
  ...LOAD_CHECKS,
];
