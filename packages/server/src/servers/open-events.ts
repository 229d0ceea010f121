import { addQueueMetrics, ConfigurationError, type Logger } from '@slack-mcp/core';
import type { OpsContext } from '@slack-mcp/core/ops';
import { resolveSigningSecrets, type SigningSecret, type SlackClient, type SlackEgress } from '@slack-mcp/slack';
import { processEnv } from '../config/env.ts';
import { readPublishKeys } from '../config/queue-settings.ts';
import type { Delivery } from '../ingress/delivery.ts';
import { loadSocketModeClient } from '../ingress/socket-mode-client.ts';
import type { SpoolingPublisher } from '../ingress/spool/spooling-publisher.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ServerPart } from './compose-server.ts';
import { openBackend } from './open-backend.ts';
import { openDedupeStore } from './open-dedupe-store.ts';
import { openSpool, serveSpool } from './open-spool.ts';
import { serveIngress } from './serve-ingress.ts';
import { serveOps } from './serve-ops.ts';
import { serveWorker } from './serve-worker.ts';
import type { EventOptions } from './server-options.ts';

/** Options for receiving events. */
export type OpenEventsOptions = EventOptions & {
  /** The Slack client of the worker. */
  readonly slack: SlackClient;
  readonly egress: SlackEgress;
  /** Called for each delivery that was just queued. The function must not throw and must return quickly. */
  readonly onPublished?: (delivery: Delivery) => void;
  /** Called with the operations of this server, if the operations API is on. */
  readonly onOps?: (ops: OpsContext) => void;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

/**
 * Opens the event pipeline, starting at its end: first the backend, then the worker, then the ingress.
 *
 * @throws ConfigurationError - there is neither a signing secret nor Socket Mode, or `@slack/socket-mode` is not
 *   installed
 */
export async function openEvents(options: OpenEventsOptions, add: (part: ServerPart) => void): Promise<void> {
  const {
    slack,
    logger,
    worker,
    signingSecret,
    socketMode,
    dedupe: source,
    ops: settings,
    onOps,
    spool: spoolSettings,
    ...ingress
  } = options;
  const signingSecrets = secretsOf(options);
  const keys = options.keys ?? readPublishKeys(processEnv());
  const createSocketModeClient = socketMode && (await loadSocketModeClient({ ...socketMode, egress: options.egress }));
  // Opened before the backend, and therefore closed after it: messages that the backend confirms late are remembered.
  const dedupe = await openDedupeStore(source, logger, add);
  const files = spoolSettings && (await openSpool(spoolSettings, logger));
  let spool: SpoolingPublisher | undefined;
  const canWait = (): boolean => spool?.takesEvents ?? false;
  const backend = await openBackend(options.backend, logger, add, canWait).catch(async (error: unknown) => {
    await files?.close();
    throw error;
  });
  if (files !== undefined) spool = serveSpool(files, { backend, logger, metrics: options.metrics }, add);
  addQueueMetrics(options.metrics, backend);
  const ops = settings && serveOps(settings, { backend, logger, metrics: options.metrics }, add);
  if (ops !== undefined) onOps?.(ops.ops);
  serveWorker(worker, { backend, slack, logger }, options.metrics, add);
  const given = {
    ...(dedupe === undefined ? {} : { dedupe }),
    ...(ops === undefined ? {} : { onDelivery: ops.onDelivery }),
  };
  serveIngress({ ...ingress, ...given, spool, createSocketModeClient, backend, signingSecrets, keys, logger }, add);
}

function secretsOf({ signingSecret, socketMode }: EventOptions): readonly SigningSecret[] {
  if (signingSecret !== undefined) return resolveSigningSecrets(signingSecret);
  if (socketMode !== undefined) return [];
  throw new ConfigurationError(
    'no way to receive events is configured: set signingSecret to receive over HTTP, or set socketMode',
  );
}
