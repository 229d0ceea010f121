import type { Logger } from '@slack-mcp/core';
import { processEnv } from '../config/env.ts';
import { readPublishKeys } from '../config/queue-settings.ts';
import type { Metrics } from '../http/metrics.ts';
import type { SlackPort } from '../slack/slack-port.ts';
import type { ServerPart } from './compose-server.ts';
import { openBackend } from './open-backend.ts';
import { serveIngress } from './serve-ingress.ts';
import type { EventOptions } from './server-options.ts';
import { startWorker } from './start-worker.ts';

/** Opens the way of events, from its end on: backend, worker, ingress. */
export async function openEvents(
  options: EventOptions & { readonly slack: SlackPort; readonly logger: Logger; readonly metrics: Metrics },
  add: (part: ServerPart) => void,
): Promise<void> {
  const { signingSecret, slack, logger, metrics, publishTimeoutMs, maxInFlight } = options;
  const keys = options.keys ?? readPublishKeys(processEnv());
  const backend = await openBackend(options.backend, logger, add);
  await startWorker(options.worker, { backend, slack, logger }, add);
  add(
    serveIngress({
      backend,
      signingSecrets: typeof signingSecret === 'string' ? [signingSecret] : signingSecret,
      keys,
      logger,
      metrics,
      ...(publishTimeoutMs === undefined ? {} : { publishTimeoutMs }),
      ...(maxInFlight === undefined ? {} : { maxInFlight }),
    }),
  );
}
