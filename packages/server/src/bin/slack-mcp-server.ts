#!/usr/bin/env node
import { createMcpCommand } from '../cli/mcp-command.ts';
import { runProgram } from '../cli/run-program.ts';

await runProgram(createMcpCommand('slack-mcp-server'), process.argv);
