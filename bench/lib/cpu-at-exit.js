// Loaded before a contestant: writes down the processor time that it has used.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env.BENCH_CPU, String(user + system));
});
