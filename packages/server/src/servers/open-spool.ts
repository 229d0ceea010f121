import { ConfigurationError, type Logger, type Metrics, type QueueBackend } from '@slack-mcp/core';
import { Spool } from '../ingress/spool/spool.ts';
import { createSpoolingPublisher, type SpoolingPublisher } from '../ingress/spool/spooling-publisher.ts';
import type { ServerPart } from './compose-server.ts';
import type { SpoolSettings } from './server-options.ts';
import { addSpoolMetrics } from './spool-metrics.ts';

const DEFAULT_MAX_BYTES = 256 * 2 ** 20;

/** Opens the folder of the spool. @throws ConfigurationError - the folder cannot be used */
export async function openSpool(settings: SpoolSettings, logger: Logger): Promise<Spool> {
  const { folder, maxBytes = DEFAULT_MAX_BYTES } = settings;
  return Spool.open({ folder, maxBytes, logger }).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof ConfigurationError) throw new ConfigurationError(`SLACK_MCP_SPOOL_DIR: ${error.message}`);
    throw new ConfigurationError(`SLACK_MCP_SPOOL_DIR: ${folder} must be readable and writable: ${error.code}`);
  });
}

/** Adds the spool to the server, and begins to publish the events that an earlier process left in it. */
export function serveSpool(
  spool: Spool,
  { backend, logger, metrics }: { readonly backend: QueueBackend; readonly logger: Logger; readonly metrics: Metrics },
  add: (part: ServerPart) => void,
): SpoolingPublisher {
  const publisher = createSpoolingPublisher({ backend, spool, logger });
  add({ name: 'spool', health: () => publisher.health(), close: () => publisher.close() });
  addSpoolMetrics(metrics, publisher);
  publisher.start();
  return publisher;
}
