import { CASES_2021_02_TO_05 } from './2021-02-to-05.ts';
import { CASES_2021_07_TO_2023 } from './2021-07-to-2023.ts';
import { CASES_2025 } from './2025.ts';
import type { VersionCase } from './version-case.ts';

export const CASES: readonly VersionCase[] = [
  ...CASES_2025,
  ...CASES_2021_07_TO_2023,
  ...CASES_2021_02_TO_05,
];
