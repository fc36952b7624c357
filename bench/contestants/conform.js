// How long one run of `conform` takes: prints wall and processor time, and the verdicts other than pass.
// BENCH_URL=http://… node bench/contestants/conform.js <profile>
import { conform, httpOracle } from '../../dist/library/index.js';

const url = process.env.BENCH_URL;
const [profile = 'strict'] = process.argv.slice(2);
const oracle = profile === 'probe' ? httpOracle(new URL('/oracle', url), { tellsState: true }) : undefined;
const startMs = performance.now();
const startUs = process.cpuUsage();
const report = await conform({ receivers: [{ name: 'healthy', url }], profile, oracle });
const { user, system } = process.cpuUsage(startUs);
const checks = report.receivers.flatMap((receiver) => receiver.checks);
const GOOD = ['pass', 'info', 'skipped', 'needs-oracle'];
const odd = checks
  .filter(({ verdict }) => !GOOD.includes(verdict))
  .map(({ id, verdict }) => `${id} ${verdict}`);
const seconds = (performance.now() - startMs) / 1000;
console.log(JSON.stringify({ seconds, processorSeconds: (user + system) / 1e6, checks: checks.length, odd }));
