import type { Command } from 'commander';
import { readListenSettings, readShutdownTimeout } from '../config/server-settings.ts';
import { readSlackSettings } from '../config/slack-settings.ts';
import { addEventOptions, createServerCommand, type EventFlags, readerOf } from './common-options.ts';
import { loadWorker } from './load-worker.ts';
import { eventOptions, slackOptions } from './server-arguments.ts';
import { startLogger } from './start-logger.ts';

/** Receives from Slack into the queue. */
export function createWebhookCommand(name: string): Command {
  const command = createServerCommand(name, 'Slack events, commands and interactions into a queue', ['--retry']);
  return addEventOptions(command).action(async (options: EventFlags, self: Command) => {
    const reader = readerOf(self);
    const listen = readListenSettings(reader);
    const shutdownTimeoutMs = readShutdownTimeout(reader);
    const slack = readSlackSettings(reader, { token: false });
    const logger = startLogger(reader);
    const events = eventOptions(reader, logger, { socketMode: options.socketMode === true });
    const worker = options.worker === undefined ? {} : await loadWorker(options.worker);

    const { createWebhookServer } = await import('../servers/create-webhook-server.ts');
    const { runServer } = await import('./run-server.ts');
    const server = createWebhookServer({
      ...listen,
      ...slackOptions(slack),
      ...events,
      ...worker,
      logger,
      processMetrics: true,
    });
    return runServer(server, { ...listen, shutdownTimeoutMs }, logger);
  });
}
