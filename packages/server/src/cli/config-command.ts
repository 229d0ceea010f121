import { isQueueError, loadBackend, silentLogger } from '@slack-mcp/core';
import { type EffectiveSetting, effectiveSettings } from '../config/effective-settings.ts';
import type { SettingsReader } from '../config/settings-reader.ts';
import { ENV_VARS, FLAG_VARS } from '../config/variables.ts';
import { commandOf, createServerCommand, flagsOf, readerOf, type ServerCommand, TOOL_FLAGS } from './common-options.ts';
import { textTable } from './text-table.ts';

/** Prints the settings with which a server would start, and where each value comes from. */
export function createConfigCommand(name: string): ServerCommand {
  const command = createServerCommand({
    name,
    description: 'Print the effective settings and where each comes from, without secrets',
    flags: ['--transport', '--sessions', '--mount-path', '--retry', ...TOOL_FLAGS],
    variables: ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'QUEUE_BACKEND', 'MCP_AUTH_TOKEN'],
    examples: [`${commandOf(name)} --port 8080`, `${commandOf(name)} --dotenv production.env --json`],
  });
  command
    .option('--all', 'also print settings that are not set')
    .option('--json', 'print JSON for programs, with all settings')
    .action(async () => {
      const { all, json } = command.opts<{ all?: true; json?: true }>();
      const reader = readerOf(command);
      const queue = await variablesOfQueue(reader);
      const known = [...ENV_VARS, ...FLAG_VARS];
      const listed = queue.variables.filter((variable) => !known.some((other) => other.name === variable.name));
      const settings = effectiveSettings([...known, ...listed], flagsOf(command), reader);
      if (queue.problem !== undefined) process.stderr.write(`${commandOf(name)}: ${queue.problem}\n`);
      process.stdout.write(json ? `${JSON.stringify(settings, null, 2)}\n` : shown(settings, all === true));
    });
  return command;
}

/** Returns the variables of the backend that a server would use. Opens no connection. */
async function variablesOfQueue({ env, sources }: SettingsReader): Promise<{
  readonly variables: readonly (typeof ENV_VARS)[number][];
  readonly problem?: string;
}> {
  try {
    const { backend, plugin } = await loadBackend({ env: env.source, logger: silentLogger, ...sources.plugins });
    await backend.close();
    return { variables: plugin?.env ?? [] };
  } catch (error) {
    if (!isQueueError(error)) throw error;
    return { variables: [], problem: `the settings of the queue backend are missing here: ${error.message}` };
  }
}

function shown(settings: readonly EffectiveSetting[], all: boolean): string {
  const listed = settings.filter(({ value }) => all || value !== null);
  const rows = listed.map(({ name, value, origin }) => [name, value ?? '', origin]);
  const hidden = settings.length - listed.length;
  const note = hidden === 0 ? '' : `\n${hidden} settings are not set. Use --all to see them.\n`;
  return textTable([['setting', 'value', 'origin'], ...rows]) + note;
}
