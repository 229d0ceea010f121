import { type Logger, onTermination } from '@slack-mcp/core';
import { processEnv } from '../config/env.ts';
import { createMcpHost } from '../mcp/mcp-host.ts';
import { serveStdio } from '../mcp/protocol/stdio.ts';
import { openSlack } from '../servers/open-slack.ts';
import type { McpOptions } from '../servers/serve-mcp.ts';
import type { SlackOptions } from '../servers/server-options.ts';
import { createToolService } from '../tools/tool-service.ts';
import { packageVersion } from '../version.ts';

/**
 * Serves one client over standard input and output until the client closes them or the process must stop. Answers all
 * open requests before the process ends.
 */
export async function runStdio(
  options: SlackOptions & McpOptions & { logger: Logger; shutdownTimeoutMs: number },
): Promise<void> {
  const { logger, shutdownTimeoutMs: drainTimeoutMs } = options;
  const { openTaskQueues } = options;
  const tools = createToolService({ ...options, slack: openSlack(options, logger).ports });
  const host = createMcpHost({ tools, openTaskQueues, version: packageVersion(), logger });
  const ending = new AbortController();
  const release = onTermination((why) => {
    logger.info(why, 'server_closing');
    ending.abort();
  }, processEnv());
  logger.info({ transport: 'stdio', tools: tools.registry.tools.length }, 'server_listening');
  await serveStdio(host, { drainTimeoutMs, signal: ending.signal, logger });
  await host.close();
  await tools.close();
  release();
}
