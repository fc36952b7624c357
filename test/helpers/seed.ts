import fc from 'fast-check';
import { newSeed } from '../../src/event/seeded-random.ts';

/**
 * What is drawn at random in the tests. One seed for everybody, so that a commit passes or fails for what it changes;
 * the fuzz workflow draws others with HOOKCAST_SEED=random, and HOOKCAST_SEED=<number> repeats one.
 */
const GIVEN = process.env['HOOKCAST_SEED'] ?? '20260131';
export const SEED = GIVEN === 'random' ? newSeed() : Number(GIVEN);

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED });
