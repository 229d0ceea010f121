#!/usr/bin/env node
import { createIntegratedCommand } from '../cli/integrated-command.ts';
import { runProgram } from '../cli/run-program.ts';

await runProgram(createIntegratedCommand('slack-integrated-server'), process.argv);
