#!/usr/bin/env node
import { runProgram } from '../cli/run-program.ts';
import { createWebhookCommand } from '../cli/webhook-command.ts';

await runProgram(createWebhookCommand('slack-webhook-server'), process.argv);
