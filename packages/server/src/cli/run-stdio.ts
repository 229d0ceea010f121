import type { Logger } from '@slack-mcp/core';
import { createMcpHost } from '../mcp/mcp-host.ts';
import { serveStdio } from '../mcp/protocol/stdio.ts';
import { openSlack } from '../servers/open-slack.ts';
import type { McpOptions } from '../servers/serve-mcp.ts';
import type { SlackOptions } from '../servers/server-options.ts';
import { createToolService } from '../tools/tool-service.ts';
import { packageVersion } from '../version.ts';
import { untilSignal } from './until-signal.ts';

/**
 * Serves one client over standard input and output until the client closes them or the process receives a signal. Open
 * requests are answered first.
 */
export async function runStdio(
  options: SlackOptions & McpOptions & { logger: Logger; shutdownTimeoutMs: number },
): Promise<void> {
  const { logger, shutdownTimeoutMs: drainTimeoutMs } = options;
  const { openTaskQueues } = options;
  const tools = createToolService({ ...options, slack: openSlack(options, logger).ports });
  const host = createMcpHost({ tools, openTaskQueues, version: packageVersion(), logger });
  const signal = untilSignal();
  logger.info({ transport: 'stdio', tools: tools.tools.length }, 'server_listening');
  const ending = new AbortController();
  void signal.received.then((received) => {
    logger.info({ signal: received }, 'server_closing');
    ending.abort();
  });
  await serveStdio(host, { drainTimeoutMs, signal: ending.signal, logger });
  await host.close();
  tools.close();
  signal.dispose();
}
