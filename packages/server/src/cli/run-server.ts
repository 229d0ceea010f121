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
 * Runs a server until SIGTERM or SIGINT, or until something fails, then closes it: what is in flight is finished. A
 * second signal ends the process at once.
 *
 * @throws CommandFailure - what keeps the server from starting, from going on, or from closing
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
      // The log tells what did not close; why the process ends is said last.
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
