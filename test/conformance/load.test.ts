import { LOAD_CHECKS } from '../../src/conformance/checks/load.ts';
import { LOAD_MUTANTS } from '../mutants/load.ts';
import { testFamily } from '../mutants/family-tests.ts';

testFamily('LOAD', {
  checks: LOAD_CHECKS,
  mutants: LOAD_MUTANTS,
});
