#!/usr/bin/env node
import { Command } from 'commander';
import { createBackendsCommand } from '../cli/backends-command.ts';
import { createConfigCommand } from '../cli/config-command.ts';
import { createDoctorCommand } from '../cli/doctor-command.ts';
import { createIntegratedCommand } from '../cli/integrated-command.ts';
import { createManifestCommand } from '../cli/manifest-command.ts';
import { createMcpCommand } from '../cli/mcp-command.ts';
import { createOpsCommand } from '../cli/ops/ops-command.ts';
import { runProgram } from '../cli/run-program.ts';
import { createToolsCommand } from '../cli/tools-command.ts';
import { createWebhookCommand } from '../cli/webhook-command.ts';
import { packageVersion } from '../version.ts';

const program = new Command('slack-mcp')
  .description('A Slack MCP server and a lossless Slack event pipeline')
  .version(packageVersion())
  .addCommand(createMcpCommand('mcp'))
  .addCommand(createWebhookCommand('webhook'))
  .addCommand(createIntegratedCommand('integrated'))
  .addCommand(createDoctorCommand('doctor'))
  .addCommand(createConfigCommand('config'))
  .addCommand(createToolsCommand('tools'))
  .addCommand(createManifestCommand('manifest'))
  .addCommand(createOpsCommand())
  .addCommand(createBackendsCommand());

await runProgram(program, process.argv);
