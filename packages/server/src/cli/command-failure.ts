import { isQueueError, type QueueErrorCode } from '@slack-mcp/core';
import type { ListenSettings } from '../config/server-settings.ts';

/** Thrown to end a command that failed. The message is printed on standard error. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure';
  /** The exit code: 1 if the command failed, 2 for wrong usage or configuration. */
  readonly exitCode: 1 | 2;

  /** @param message - one line that says what went wrong and what to do */
  constructor(message: string, exitCode: 1 | 2, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, ' ').trim(), options);
    this.exitCode = exitCode;
  }
}

const CONFIGURATION_CODES: readonly QueueErrorCode[] = [
  'ERR_QUEUE_CONFIG',
  'ERR_QUEUE_BACKEND_NOT_FOUND',
  'ERR_QUEUE_BACKEND_INVALID',
];

/**
 * Converts an error to the failure that ends a command.
 *
 * @param listen - the address on which the command was going to listen, for messages about errors of the operating
 * system
 */
export function toCommandFailure(error: unknown, listen?: ListenSettings): CommandFailure {
  if (error instanceof CommandFailure) return error;
  const system = listen && systemFailure((error as NodeJS.ErrnoException | undefined)?.code, listen);
  if (system) return new CommandFailure(system, 1, { cause: error });
  const wrongUse = isQueueError(error) && CONFIGURATION_CODES.includes(error.code);
  const message = error instanceof Error ? error.message : String(error);
  return new CommandFailure(message, wrongUse ? 2 : 1, { cause: error });
}

function systemFailure(code: string | undefined, { host, port }: ListenSettings): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is already in use: stop the program that listens there, or choose another port with --port (0: any free port)`;
    case 'EACCES':
      return `port ${port} on ${host} needs privileges that this user does not have: choose a port above 1023 with --port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine: choose another with --host (for example --host=127.0.0.1)`;
    default:
      return undefined;
  }
}
