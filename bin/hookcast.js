#!/usr/bin/env node
'use strict';
require('../dist/command/start.cjs').start(process.argv.slice(2));
