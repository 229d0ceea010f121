import { readOpsSettings } from '../config/ops-settings.ts';
import { readListenSettings, readShutdownSettings } from '../config/server-settings.ts';
import { readSlackSettings } from '../config/slack-settings.ts';
import {
  addEventOptions,
  commandOf,
  createServerCommand,
  type EventFlags,
  OPS_FLAGS,
  readerOf,
  type ServerCommand,
} from './common-options.ts';
import { loadWorker } from './load-worker.ts';
import { eventOptions, slackOptions } from './server-arguments.ts';
import { startLogger } from './start-logger.ts';

/** Receives requests from Slack and publishes them to the queue. */
export function createWebhookCommand(name: string): ServerCommand {
  const command = createServerCommand({
    name,
    description: 'Publish Slack events, commands and interactions to a queue',
    flags: ['--retry', ...OPS_FLAGS],
    variables: ['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN', 'QUEUE_BACKEND', 'SLACK_EVENTS_TOPIC'],
    examples: [
      `SLACK_SIGNING_SECRET=your-signing-secret QUEUE_BACKEND=redis ${commandOf(name)}`,
      `SLACK_APP_TOKEN=xapp-your-token ${commandOf(name)} --socket-mode --worker worker.ts`,
    ],
  });
  addEventOptions(command).action(async (options: EventFlags) => {
    const reader = readerOf(command);
    const listen = readListenSettings(reader);
    const shutdown = readShutdownSettings(reader);
    const slack = readSlackSettings(reader, { token: false });
    const ops = readOpsSettings(reader);
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
      ops,
      logger,
      processMetrics: true,
    });
    return runServer(server, { ...listen, ...shutdown }, logger);
  });
  return command;
}
