import type { Logger } from '@slack-mcp/core';
import { createMcpHost, type ToolOptions } from '../mcp/mcp-host.ts';
import { serveStdio } from '../mcp/protocol/stdio.ts';
import { openSlack } from '../servers/open-slack.ts';
import type { SlackOptions } from '../servers/server-options.ts';
import { packageVersion } from '../version.ts';
import { untilSignal } from './until-signal.ts';

/** Serves one client over standard input and output, until it closes them or the process is told to end. */
export async function runStdio(options: SlackOptions & ToolOptions & { logger: Logger }): Promise<void> {
  const { logger } = options;
  const host = createMcpHost({
    ...options,
    slack: openSlack(options, logger),
    logger,
    version: packageVersion(),
  });
  const signal = untilSignal();
  logger.info({ transport: 'stdio', tools: host.tools.length }, 'server_listening');
  await Promise.race([serveStdio(host), signal.received]);
  await host.close();
  signal.dispose();
}
