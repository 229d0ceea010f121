import type { Logger } from '@slack-mcp/core';
import { createMcpHost, type ToolOptions } from '../mcp/mcp-host.ts';
import { serveStdio } from '../mcp/protocol/stdio.ts';
import { openSlack } from '../servers/open-slack.ts';
import type { SlackOptions } from '../servers/server-options.ts';
import { packageVersion } from '../version.ts';
import { untilSignal } from './until-signal.ts';

/** Serves one client over standard input and output, until it closes them or the process is told to end: what was asked is answered. */
export async function runStdio(
  options: SlackOptions & ToolOptions & { logger: Logger; shutdownTimeoutMs: number },
): Promise<void> {
  const { logger, shutdownTimeoutMs: drainTimeoutMs } = options;
  const host = createMcpHost({
    ...options,
    slack: openSlack(options, logger).ports,
    logger,
    version: packageVersion(),
  });
  const signal = untilSignal();
  logger.info({ transport: 'stdio', tools: host.tools.length }, 'server_listening');
  const ending = new AbortController();
  void signal.received.then((received) => {
    logger.info({ signal: received }, 'server_closing');
    ending.abort();
  });
  await serveStdio(host, { drainTimeoutMs, signal: ending.signal, logger });
  await host.close();
  signal.dispose();
}
