/**
 * `node --import hookcast/redirect app.js`: requests of the app to Persona's API go to a sandbox on this machine, for
 * apps whose base URL cannot be changed. It does nothing in production.
 */
import { startRedirect } from './start.ts';

startRedirect(process.env);
