import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { createIntegratedCommand } from '../../src/cli/integrated-command.ts';
import { createMcpCommand } from '../../src/cli/mcp-command.ts';
import { createWebhookCommand } from '../../src/cli/webhook-command.ts';

/** What `--help` prints. */
function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => void parts.push(part) });
  command.outputHelp();
  return parts.join('');
}

test.each([
  ['slack-mcp-server', createMcpCommand, 'stdio (the default), http', ['SLACK_BOT_TOKEN', 'MCP_AUTH_TOKEN']],
  ['slack-webhook-server', createWebhookCommand, undefined, ['SLACK_SIGNING_SECRET', 'QUEUE_BACKEND']],
  ['slack-integrated-server', createIntegratedCommand, 'both (the default)', ['SLACK_BOT_TOKEN', 'QUEUE_BACKEND']],
] as const)('the help of %s is about that command', (name, create, transports, variables) => {
  const help = helpOf(create(name));
  const [options = '', more = ''] = help.split('\nEnvironment:\n');
  if (transports === undefined) expect(options).not.toContain('--transport');
  else expect(options.replace(/\s+/g, ' ')).toContain(transports);
  expect(options).not.toMatch(/elsewhere|slack-mcp-server also/i);
  for (const variable of variables) expect(more).toMatch(new RegExp(`^ {2}${variable} +\\S`, 'm'));
  expect(more).toMatch(new RegExp(`^ {2}SLACK_\\w+=\\S+ .*${name}`, 'm'));
  expect(existsSync(/^Documentation: (.*)$/m.exec(more)?.[1] ?? '')).toBe(true);
});

test('the examples of a subcommand name the program too', () => {
  const program = new Command('slack-mcp').addCommand(createMcpCommand('mcp'));
  expect(helpOf(program.commands[0] as Command)).toContain(' slack-mcp mcp --transport http');
});
