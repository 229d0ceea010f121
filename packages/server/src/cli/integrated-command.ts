import { readMcpHttpSettings, readTransport } from '../config/mcp-settings.ts';
import { readOpsSettings } from '../config/ops-settings.ts';
import { readListenSettings, readShutdownSettings, readToolSettings } from '../config/server-settings.ts';
import { readSlackSettings } from '../config/slack-settings.ts';
import {
  addEventOptions,
  commandOf,
  createServerCommand,
  type EventFlags,
  OPS_FLAGS,
  readerOf,
  type ServerCommand,
  TOOL_FLAGS,
} from './common-options.ts';
import { loadWorker } from './load-worker.ts';
import { eventOptions, mcpOptions, slackOptions } from './server-arguments.ts';
import { startLogger } from './start-logger.ts';
import { toolOptions } from './tool-options.ts';

/** Receives requests from Slack and serves AI clients in one process, on one port. */
export function createIntegratedCommand(name: string): ServerCommand {
  const command = createServerCommand({
    name,
    description: 'Publish Slack events to a queue and serve Slack tools to AI clients, on one port',
    flags: ['--transport', '--sessions', '--mount-path', '--retry', ...OPS_FLAGS, ...TOOL_FLAGS],
    transports: 'http (also streamable-http), sse or both (the default).',
    variables: ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'QUEUE_BACKEND', 'MCP_AUTH_TOKEN'],
    examples: [
      `SLACK_BOT_TOKEN=xoxb-your-token SLACK_SIGNING_SECRET=your-secret ${commandOf(name)}`,
      `SLACK_BOT_TOKEN=xoxb-your-token SLACK_APP_TOKEN=xapp-your-token ${commandOf(name)} --socket-mode`,
    ],
  });
  addEventOptions(command).action(async (options: EventFlags) => {
    const reader = readerOf(command);
    const listen = readListenSettings(reader);
    const shutdown = readShutdownSettings(reader);
    const slack = readSlackSettings(reader, { token: true });
    const settings = readToolSettings(reader);
    const mcp = readMcpHttpSettings(reader, readTransport(reader, 'both'), listen.host);
    const ops = readOpsSettings(reader);
    const logger = startLogger(reader);
    const events = eventOptions(reader, logger, { socketMode: options.socketMode === true });
    const worker = options.worker === undefined ? {} : await loadWorker(options.worker);

    const { createIntegratedServer } = await import('../servers/create-integrated-server.ts');
    const { runServer } = await import('./run-server.ts');
    const server = createIntegratedServer({
      ...listen,
      ...slackOptions(slack),
      ...mcpOptions(mcp, await toolOptions(reader, settings, logger)),
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
