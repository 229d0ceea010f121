import { Command, Option } from 'commander';
import { loadEnv } from '../config/env.ts';
import { createSettingsReader, type SettingsReader } from '../config/settings-reader.ts';
import { ENV_VARS, FLAG_VARS, type ServerVar } from '../config/variables.ts';
import { packageVersion } from '../version.ts';

const FLAGS: readonly (ServerVar & { flag: string })[] = [...ENV_VARS, ...FLAG_VARS].flatMap((variable) =>
  variable.flag === undefined ? [] : [{ ...variable, flag: variable.flag }],
);

/** A command that takes what every server takes, and further flags by name. */
export function createServerCommand(name: string, description: string, flags: readonly string[]): Command {
  const command = new Command(name).description(description).version(packageVersion()).allowExcessArguments(false);
  const wanted = [...flags, '--host', '--port', '--log-level', '--log-format'];
  for (const variable of FLAGS.filter(({ flag }) => wanted.includes(flag))) command.addOption(option(variable));
  return command.option('--dotenv <file>', 'variables behind the environment (default: .env, if there is one)');
}

/** What {@link addEventOptions} adds. */
export interface EventFlags {
  readonly worker?: string;
  readonly socketMode?: true;
}

/** Adds the flags of what receives from Slack. */
export function addEventOptions(command: Command): Command {
  return command
    .option('--worker <file>', 'run handlers in this process: a module whose default export is a worker')
    .option('--socket-mode', 'receive over a WebSocket in place of request URLs (env: SLACK_APP_TOKEN)');
}

/** What the command was given: flags over environment over `.env` over defaults. */
export function readerOf(command: Command): SettingsReader {
  const { dotenv, ...options } = command.opts<{ [name: string]: string | undefined }>();
  const flags = FLAGS.map(({ flag }) => [flag, options[new Option(flag).attributeName()]] as const);
  return createSettingsReader(loadEnv(dotenv), Object.fromEntries(flags));
}

function option(variable: ServerVar & { flag: string }): Option {
  const notes = [
    ...(variable.name === variable.flag ? [] : [`env: ${variable.name}`]),
    ...(variable.default === undefined ? [] : [`default: ${variable.default}`]),
  ];
  const text = variable.description.replaceAll('`', '');
  return new Option(`${variable.flag} <value>`, notes.length > 0 ? `${text} (${notes.join(', ')})` : text);
}
