import { isQueueError, redactSecrets } from '@slack-mcp/core';
import { CommanderError } from 'commander';

const WRONG_USE: readonly string[] = ['ERR_QUEUE_CONFIG', 'ERR_QUEUE_BACKEND_NOT_FOUND', 'ERR_QUEUE_BACKEND_INVALID'];

/**
 * 0: help or version was asked for, or whoever reads the output has seen enough. 1: it could not be done. 2: wrong use
 * or configuration.
 */
export function exitCodeOf(error: unknown): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
  return isQueueError(error) && WRONG_USE.includes(error.code) ? 2 : 1;
}

/**
 * The one line that says why a command ended, without what looks like a token or credentials.
 *
 * @param secrets - what it must not hold either
 */
export function reasonOf(error: unknown, secrets: readonly string[] = []): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  return redactSecrets(secrets)(error instanceof CommanderError ? withoutValues(line) : line);
}

/** What was given in excess and is not a word, or to an option that there is not, may be a secret in the wrong place. */
function withoutValues(line: string): string {
  return line.replace(/( got \d+): (?![a-z-]{1,20}\.$).*$/, '$1').replace(/=[^']*'/, "'");
}
