import { fileURLToPath } from 'node:url';
import { envHelp } from '@slack-mcp/core';
import { Command, Option } from 'commander';
import type { ServerVar } from '../config/server-var.ts';
import { createSettingsReader, type SettingsReader } from '../config/settings-reader.ts';
import { openSources, type Sources } from '../config/sources.ts';
import { ENV_VARS, FLAG_VARS } from '../config/variables.ts';
import { packageVersion } from '../version.ts';

const FLAGS: readonly (ServerVar & { flag: string })[] = [...ENV_VARS, ...FLAG_VARS].flatMap((variable) =>
  variable.flag === undefined ? [] : [{ ...variable, flag: variable.flag }],
);

/** The flags that choose tools. */
export const TOOL_FLAGS: readonly string[] = ['--toolsets', '--tools', '--exclude-tools'];

/** A command that starts a server. */
export class ServerCommand extends Command {
  /** Whether it serves stdio unless it is told otherwise. */
  readonly defaultsToStdio: boolean;

  constructor(name: string, { defaultsToStdio }: { defaultsToStdio: boolean }) {
    super(name);
    this.defaultsToStdio = defaultsToStdio;
  }
}

/** What a command for a server is. */
export interface ServerCommandOptions {
  readonly name: string;
  readonly description: string;
  /** Flags that it takes besides those of every server. */
  readonly flags: readonly string[];
  /** What `--transport` takes, and its default. */
  readonly transports?: string;
  /** The variables that its help describes. */
  readonly variables: readonly string[];
  readonly examples: readonly string[];
  /** Whether it serves stdio unless it is told otherwise. Default false. */
  readonly defaultsToStdio?: boolean;
}

/** A command that takes what every server takes, and further flags by name. */
export function createServerCommand(options: ServerCommandOptions): ServerCommand {
  const { name, description, flags, transports, variables, examples, defaultsToStdio = false } = options;
  const command = new ServerCommand(name, { defaultsToStdio });
  command.description(description).version(packageVersion()).allowExcessArguments(false);
  const wanted = [...flags, '--host', '--port', '--log-level', '--log-format'];
  for (const variable of FLAGS.filter(({ flag }) => wanted.includes(flag))) {
    // The variable's own description is about all commands.
    const own = variable.flag === '--transport' && transports !== undefined;
    command.addOption(option(own ? { ...variable, description: transports } : variable));
  }
  const found = defaultsToStdio ? 'over stdio none; over HTTP .env, if there is one' : '.env, if there is one';
  command.option('--dotenv <file>', `variables behind the environment (default: ${found})`);
  const described = variables.flatMap((wantedName) => ENV_VARS.filter((variable) => variable.name === wantedName));
  command.addHelpText('after', envHelp({ variables: described, examples, documentation: README }));
  return command;
}

/** What a user types for a command, which may be a subcommand of `slack-mcp`. */
export function commandOf(name: string): string {
  return name.startsWith('slack-') ? name : `slack-mcp ${name}`;
}

const README = fileURLToPath(new URL('../../README.md', import.meta.url));

/** What {@link addEventOptions} adds. */
export interface EventFlags {
  readonly worker?: string;
  readonly socketMode?: true;
}

/** Adds the flags of what receives from Slack. */
export function addEventOptions(command: ServerCommand): ServerCommand {
  command
    .option('--worker <file>', 'run handlers in this process: a module whose default export is a worker')
    .option('--socket-mode', 'receive over a WebSocket in place of request URLs (env: SLACK_APP_TOKEN)');
  return command;
}

/**
 * Where the settings of a command come from, behind its flags.
 *
 * @throws ConfigurationError - a file cannot be read
 */
export function sourcesOf(command: ServerCommand): Sources {
  const { dotenv, transport } = command.opts<{ dotenv?: string; transport?: string }>();
  return openSources({ dotenv, transport, defaultsToStdio: command.defaultsToStdio });
}

/** What the command was given: flags over environment over a file over defaults. */
export function readerOf(command: ServerCommand): SettingsReader {
  const options = command.opts<{ [name: string]: string | undefined }>();
  const flags = FLAGS.map(({ flag }) => [flag, options[new Option(flag).attributeName()]] as const);
  const { env, ...sources } = sourcesOf(command);
  return createSettingsReader(env, Object.fromEntries(flags), sources);
}

function option(variable: ServerVar & { flag: string }): Option {
  const notes = [
    ...(variable.name === variable.flag ? [] : [`env: ${variable.name}`]),
    ...(variable.default === undefined ? [] : [`default: ${variable.default}`]),
  ];
  const text = variable.description.replaceAll('`', '');
  return new Option(`${variable.flag} <value>`, notes.length > 0 ? `${text} (${notes.join(', ')})` : text);
}
