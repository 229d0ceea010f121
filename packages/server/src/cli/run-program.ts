import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Env, redactSecrets } from '@slack-mcp/core';
import { type Command, CommanderError } from 'commander';
import { processEnv } from '../config/env.ts';
import { secretsIn } from '../config/secrets.ts';
import { CommandFailure, toCommandFailure } from './command-failure.ts';
import { ServerCommand, sourcesOf } from './common-options.ts';

/**
 * Runs the command in `argv`, then ends the process with 0 (done), 1 (failed) or 2 (wrong usage or configuration). A
 * failure is reported as one line on standard error.
 *
 * @param argv - in the format of `process.argv`
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<never> {
  prepare(program);
  let exitCode = 0;
  try {
    await program.parseAsync(argv);
  } catch (error) {
    const failure = error instanceof CommanderError ? fromCommander(error) : toCommandFailure(error);
    const redact = redactSecrets(secretsIn(environmentOf(program)));
    // Log lines are written before the failure.
    await nextTurn();
    if (failure.message !== '') process.stderr.write(`${program.name()}: ${redact(failure.message)}\n`);
    exitCode = failure.exitCode;
  }
  // A worker may have left timers or connections open, so the process must exit. Standard output is flushed first.
  return new Promise(() => process.stdout.write('', () => process.exit(exitCode)));
}

/** Makes every subcommand throw errors instead of printing them. */
function prepare(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  for (const child of command.commands) prepare(child);
}

/**
 * Converts an error of the command-line parser. `--help` and `--version` also end with a parser error, after their text
 * has been printed.
 */
function fromCommander(error: CommanderError): { message: string; exitCode: number } {
  if (error.exitCode === 0) return { message: '', exitCode: 0 };
  if (error.code === 'commander.help') return { message: '', exitCode: 2 };
  // An unexpected argument, or the value of an unknown flag, may be a misplaced secret.
  const message = error.message
    .replace(/^error: /, '')
    .replace(/( got \d+): .*$/s, '$1')
    .replace(/=[^']*'/s, "'");
  return new CommandFailure(`${message} (see --help)`, 2);
}

/**
 * Returns the environment and the variables of all readable `.env` files, because any of these variables may contain a
 * secret.
 */
function environmentOf(program: Command): Env {
  const servers = [program, ...program.commands].filter((command) => command instanceof ServerCommand);
  return Object.assign({}, ...servers.map(readable), processEnv());
}

function readable(command: ServerCommand): Env {
  try {
    return sourcesOf(command).env;
  } catch {
    return {};
  }
}
