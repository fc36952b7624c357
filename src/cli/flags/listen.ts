import { flagsOf, GROUP } from './flag.ts';
import { port } from './values.ts';

export const LISTEN = flagsOf(GROUP.where, {
  port: { spelling: '--port <number>', description: 'port to listen on; 0 picks a free one', parse: port },
  host: { spelling: '--host <address>', description: 'address to listen on', default: '127.0.0.1' },
});
