import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Env, redactSecrets } from '@slack-mcp/core';
import { type Command, CommanderError } from 'commander';
import { processEnv } from '../config/env.ts';
import { secretsIn } from '../config/secrets.ts';
import { CommandFailure, toCommandFailure } from './command-failure.ts';
import { ServerCommand, sourcesOf } from './common-options.ts';

/**
 * Runs the command that `argv` asks for, then ends the process: 0 done, 1 failed, 2 wrong use or configuration. A
 * failure is one line on standard error.
 *
 * @param argv - as `process.argv`
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<never> {
  prepare(program);
  let exitCode = 0;
  try {
    await program.parseAsync(argv);
  } catch (error) {
    const failure = error instanceof CommanderError ? fromCommander(error) : toCommandFailure(error);
    const redact = redactSecrets(secretsIn(environmentOf(program)));
    // What was logged comes first.
    await nextTurn();
    if (failure.message !== '') process.stderr.write(`${program.name()}: ${redact(failure.message)}\n`);
    exitCode = failure.exitCode;
  }
  // A worker may have left timers or connections behind; what was written to standard output goes out before.
  return new Promise(() => process.stdout.write('', () => process.exit(exitCode)));
}

/** Errors are thrown, not printed, in every subcommand. */
function prepare(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  for (const child of command.commands) prepare(child);
}

/** Help and version end a command too; they have been written by then. */
function fromCommander(error: CommanderError): { message: string; exitCode: number } {
  if (error.exitCode === 0) return { message: '', exitCode: 0 };
  if (error.code === 'commander.help') return { message: '', exitCode: 2 };
  // What was given in excess, or to a flag that there is not, may be a secret in the wrong place.
  const message = error.message
    .replace(/^error: /, '')
    .replace(/( got \d+): .*$/s, '$1')
    .replace(/=[^']*'/s, "'");
  return new CommandFailure(`${message} (see --help)`, 2);
}

/** All that may hold a secret, as far as it can be read. */
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
