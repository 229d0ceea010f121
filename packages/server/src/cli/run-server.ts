import { type Logger, untilFailure } from '@slack-mcp/core';
import type { ListenSettings } from '../config/server-settings.ts';
import type { RunningServer } from '../servers/running-server.ts';
import { toCommandFailure } from './command-failure.ts';
import { untilSignal } from './until-signal.ts';

/** Where a server listens, and how long it may take to close. */
export interface RunSettings extends ListenSettings {
  readonly shutdownTimeoutMs: number;
}

/**
 * Runs a server until SIGTERM, SIGINT or a failure, then finishes work in flight and closes the server. A second signal
 * ends the process at once.
 *
 * @throws CommandFailure - the server cannot start, continue or close
 */
export async function runServer(server: RunningServer, settings: RunSettings, logger: Logger): Promise<void> {
  const closeOptions = { drainTimeoutMs: settings.shutdownTimeoutMs };
  const signal = untilSignal();
  const failure = untilFailure(logger);
  try {
    await server.start();
    try {
      const received = await Promise.race([failure.failed, signal.received, server.closed]);
      logger.info({ signal: received }, 'server_closing');
    } catch (error) {
      // The log already says what did not close. The reason for the end comes last.
      await server.close(closeOptions).catch(() => {});
      throw error;
    }
    await server.close(closeOptions);
  } catch (error) {
    throw toCommandFailure(error, settings);
  } finally {
    failure.dispose();
    signal.dispose();
  }
}
