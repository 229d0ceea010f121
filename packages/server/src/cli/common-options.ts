import { fileURLToPath } from 'node:url';
import { envHelp } from '@slack-mcp/core';
import { Command, Option } from 'commander';
import type { ServerVar } from '../config/server-var.ts';
import { createSettingsReader, type Flags, type SettingsReader } from '../config/settings-reader.ts';
import { openSources, type Sources } from '../config/sources.ts';
import { ENV_VARS, FLAG_VARS } from '../config/variables.ts';
import { packageVersion } from '../version.ts';

const FLAGS: readonly (ServerVar & { flag: string })[] = [...ENV_VARS, ...FLAG_VARS].flatMap((variable) =>
  variable.flag === undefined ? [] : [{ ...variable, flag: variable.flag }],
);

/** The flags that select tools. */
export const TOOL_FLAGS: readonly string[] = ['--toolsets', '--tools', '--exclude-tools'];

/** The flags for the operations API. */
export const OPS_FLAGS: readonly string[] = ['--ops-port', '--ops-host'];

/** A command that reads the settings of a server. */
export class ServerCommand extends Command {
  /** Whether the command serves stdio by default. */
  readonly defaultsToStdio: boolean;

  constructor(name: string, { defaultsToStdio }: { defaultsToStdio: boolean }) {
    super(name);
    this.defaultsToStdio = defaultsToStdio;
  }
}

/** Describes a server command. */
export interface ServerCommandOptions {
  readonly name: string;
  readonly description: string;
  /** Flags that the command accepts in addition to the flags of every server command. */
  readonly flags: readonly string[];
  /** The allowed values and the default of `--transport`, as shown in the help text. */
  readonly transports?: string;
  /** The environment variables that the command's help describes. */
  readonly variables: readonly string[];
  readonly examples: readonly string[];
  /** Whether the command serves stdio by default. Default false. */
  readonly defaultsToStdio?: boolean;
  /** Whether the command starts a server and therefore accepts the flags for its address and its log. Default true. */
  readonly listens?: boolean;
}

/** Creates a command with the flags that every server accepts and with additional flags, given by name. */
export function createServerCommand(options: ServerCommandOptions): ServerCommand {
  const { name, description, flags, transports, variables, examples } = options;
  const { defaultsToStdio = false, listens = true } = options;
  const command = new ServerCommand(name, { defaultsToStdio });
  command.description(description).version(packageVersion()).allowExcessArguments(false);
  const wanted = [...flags, ...(listens ? ['--host', '--port', '--log-level', '--log-format'] : [])];
  for (const variable of FLAGS.filter(({ flag }) => wanted.includes(flag))) {
    // The variable's own description covers all commands.
    const own = variable.flag === '--transport' && transports !== undefined;
    command.addOption(option(own ? { ...variable, description: transports } : variable));
  }
  const found = defaultsToStdio ? 'none over stdio; .env over HTTP, if it exists' : '.env, if it exists';
  command.option('--dotenv <file>', `file with variables that the environment overrides (default: ${found})`);
  const described = variables.flatMap((wantedName) => ENV_VARS.filter((variable) => variable.name === wantedName));
  command.addHelpText('after', envHelp({ variables: described, examples, documentation: README }));
  return command;
}

/** Returns the full command that a user types, for example `slack-mcp webhook` for the subcommand `webhook`. */
export function commandOf(name: string): string {
  return name.startsWith('slack-') ? name : `slack-mcp ${name}`;
}

const README = fileURLToPath(new URL('../../README.md', import.meta.url));

/** The flags that {@link addEventOptions} adds. */
export interface EventFlags {
  readonly worker?: string;
  readonly socketMode?: true;
}

/** Adds the flags for receiving events from Slack. */
export function addEventOptions(command: ServerCommand): ServerCommand {
  command
    .option('--worker <file>', 'run handlers in this process: a module with a worker as its default export')
    .option('--socket-mode', 'receive over a WebSocket instead of request URLs (env: SLACK_APP_TOKEN)');
  return command;
}

/**
 * Returns the sources of the settings that a command's flags do not set.
 *
 * @throws ConfigurationError - a file cannot be read
 */
export function sourcesOf(command: ServerCommand): Sources {
  const { dotenv, transport } = command.opts<{ dotenv?: string; transport?: string }>();
  return openSources({ dotenv, transport, defaultsToStdio: command.defaultsToStdio });
}

/**
 * Reads a command's settings. Flags override the environment, the environment overrides the `.env` file, and the file
 * overrides the defaults.
 */
export function readerOf(command: ServerCommand): SettingsReader {
  const { env, ...sources } = sourcesOf(command);
  return createSettingsReader(env, flagsOf(command), sources);
}

/** Returns the values of a command's flags by flag, for example `{ '--port': '3000' }`. */
export function flagsOf(command: ServerCommand): Flags {
  const options = command.opts<{ [name: string]: string | undefined }>();
  return Object.fromEntries(FLAGS.map(({ flag }) => [flag, options[new Option(flag).attributeName()]]));
}

function option(variable: ServerVar & { flag: string }): Option {
  const notes = [
    ...(variable.name === variable.flag ? [] : [`env: ${variable.name}`]),
    ...(variable.default === undefined ? [] : [`default: ${variable.default}`]),
  ];
  const text = variable.description.replaceAll('`', '');
  return new Option(`${variable.flag} <value>`, notes.length > 0 ? `${text} (${notes.join(', ')})` : text);
}
