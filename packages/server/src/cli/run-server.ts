import { type Logger, onTermination, type Termination, untilFailure } from '@slack-mcp/core';
import { processEnv } from '../config/env.ts';
import type { ListenSettings, ShutdownSettings } from '../config/server-settings.ts';
import type { RunningServer } from '../servers/running-server.ts';
import { toCommandFailure } from './command-failure.ts';

/** The address on which a server listens, and how the server closes. */
export interface RunSettings extends ListenSettings, ShutdownSettings {}

/**
 * Runs a server until it must stop (see `onTermination`) or fails, then finishes work in flight and closes the server. A
 * second signal ends the process at once.
 *
 * @throws CommandFailure - the server cannot start, continue or close
 */
export async function runServer(server: RunningServer, settings: RunSettings, logger: Logger): Promise<void> {
  const closeOptions = { drainTimeoutMs: settings.shutdownTimeoutMs, delayMs: settings.shutdownDelayMs };
  const { promise: terminated, resolve: terminate } = Promise.withResolvers<Termination>();
  const release = onTermination(terminate, processEnv());
  const failure = untilFailure(logger);
  try {
    await server.start();
    try {
      const why = await Promise.race([failure.failed, terminated, server.closed]);
      logger.info(why ?? {}, 'server_closing');
    } catch (error) {
      // The log already says what did not close. The reason for the end comes last.
      await server.close({ ...closeOptions, delayMs: 0 }).catch(() => {});
      throw error;
    }
    await server.close(closeOptions);
  } catch (error) {
    throw toCommandFailure(error, settings);
  } finally {
    failure.dispose();
    release();
  }
}
