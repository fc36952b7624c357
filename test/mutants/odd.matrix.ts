import { testMutants } from './matrix.ts';

// Two files, so that two cores share the work.
testMutants('odd');
