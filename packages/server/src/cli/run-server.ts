import type { Logger } from '@slack-mcp/core';
import type { ListenSettings } from '../config/server-settings.ts';
import type { RunningServer } from '../servers/running-server.ts';
import { toCommandFailure } from './command-failure.ts';
import { untilSignal } from './until-signal.ts';

/**
 * Runs a server until SIGTERM or SIGINT, then closes it: what is in flight is finished. A second signal ends the
 * process at once.
 *
 * @throws CommandFailure - what keeps the server from starting or from going on
 */
export async function runServer(server: RunningServer, listen: ListenSettings, logger: Logger): Promise<void> {
  const signal = untilSignal();
  try {
    await server.start();
    try {
      const received = await Promise.race([signal.received, server.closed]);
      logger.info({ signal: received }, 'server_closing');
    } finally {
      await server.close();
    }
  } catch (error) {
    throw toCommandFailure(error, listen);
  } finally {
    signal.dispose();
  }
}
