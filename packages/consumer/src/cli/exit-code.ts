import { isQueueError } from '@slack-mcp/core';
import { CommanderError } from 'commander';
import { redactSecrets } from './redact-secrets.ts';

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

/** The one line that says why a command ended, without what looks like a token or credentials. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return redactSecrets([])(message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '));
}
