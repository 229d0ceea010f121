import { readMcpHttpSettings, readTransport, refuseListenFlags } from '../config/mcp-settings.ts';
import {
  readListenSettings,
  readShutdownSettings,
  readShutdownTimeout,
  readToolSettings,
} from '../config/server-settings.ts';
import { readSlackSettings } from '../config/slack-settings.ts';
import { commandOf, createServerCommand, readerOf, type ServerCommand, TOOL_FLAGS } from './common-options.ts';
import { mcpOptions, slackOptions } from './server-arguments.ts';
import { startLogger } from './start-logger.ts';
import { toolOptions } from './tool-options.ts';

/** Serves the Slack tools to AI clients. */
export function createMcpCommand(name: string): ServerCommand {
  const command = createServerCommand({
    name,
    description: 'Serve Slack tools to AI clients over stdio or HTTP',
    flags: ['--transport', '--sessions', '--mount-path', '--retry', ...TOOL_FLAGS],
    defaultsToStdio: true,
    transports: 'stdio (the default), http (also streamable-http), sse or both.',
    variables: ['SLACK_BOT_TOKEN', 'SLACK_USER_TOKEN', 'SLACK_WORKSPACES', 'SLACK_MCP_READ_ONLY', 'MCP_AUTH_TOKEN'],
    examples: [
      `SLACK_BOT_TOKEN=xoxb-your-token ${commandOf(name)}`,
      `SLACK_BOT_TOKEN=xoxb-your-token ${commandOf(name)} --transport http --port 3000`,
    ],
  });
  command.action(async () => {
    const reader = readerOf(command);
    const transport = readTransport(reader, 'stdio');
    if (transport === 'stdio') refuseListenFlags(reader);
    const slack = readSlackSettings(reader, { token: true });
    const settings = readToolSettings(reader);
    const logger = startLogger(reader);

    // Each branch loads only what it needs: over stdio, the client waits for the process to start.
    if (transport === 'stdio') {
      const { runStdio } = await import('./run-stdio.ts');
      return runStdio({
        ...slackOptions(slack),
        ...(await toolOptions(reader, settings, logger)),
        shutdownTimeoutMs: readShutdownTimeout(reader),
        logger,
      });
    }
    const listen = readListenSettings(reader);
    const shutdown = readShutdownSettings(reader);
    const mcp = readMcpHttpSettings(reader, transport, listen.host);
    const { createMcpHttpServer } = await import('../servers/create-mcp-http-server.ts');
    const { runServer } = await import('./run-server.ts');
    const server = createMcpHttpServer({
      ...listen,
      ...slackOptions(slack),
      ...mcpOptions(mcp, await toolOptions(reader, settings, logger)),
      logger,
      processMetrics: true,
    });
    return runServer(server, { ...listen, ...shutdown }, logger);
  });
  return command;
}
