import { isQueueError, redactSecrets } from '@slack-mcp/core';
import { CommanderError } from 'commander';

const WRONG_USE: readonly string[] = ['ERR_QUEUE_CONFIG', 'ERR_QUEUE_BACKEND_NOT_FOUND', 'ERR_QUEUE_BACKEND_INVALID'];

/**
 * Returns the exit code for an error: 1 if the operation failed, and 2 for wrong usage or configuration. Returns 0 if
 * the user requested the help or the version, or if the reader of the output closed the pipe.
 */
export function exitCodeOf(error: unknown): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
  return isQueueError(error) && WRONG_USE.includes(error.code) ? 2 : 1;
}

/**
 * Returns the one line that says why a command ended, without anything that looks like a token or credentials.
 *
 * @param secrets - further values to remove
 */
export function reasonOf(error: unknown, secrets: readonly string[] = []): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  return redactSecrets(secrets)(error instanceof CommanderError ? withoutValues(line) : line);
}

/** Removes unexpected arguments and the values of unknown options, which may be misplaced secrets. */
function withoutValues(line: string): string {
  return line.replace(/( got \d+): (?![a-z-]{1,20}\.$).*$/, '$1').replace(/=[^']*'/, "'");
}
