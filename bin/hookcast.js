#!/usr/bin/env node
import { start } from '../dist/command/start.js';

await start(process.argv.slice(2));
