import type { LogMethod } from '@slack-mcp/core';
import { createSlackPort } from '@slack-mcp/slack';
import { serveStdio } from '../../../src/mcp/protocol/stdio.ts';
import { openHost } from '../../support/open-host.ts';

const log: LogMethod = (first: object | string, message?: string) => {
  process.stderr.write(`${message ?? ''} ${JSON.stringify(first)}\n`);
};
const logger = { debug: log, info: log, warn: log, error: log };
const slack = createSlackPort({
  token: process.env['SLACK_BOT_TOKEN'],
  apiUrl: process.env['SLACK_API_URL'] ?? '',
  logger,
});
const toolsets = process.env['SLACK_MCP_TOOLSETS']?.split(',') ?? [];
const host = openHost({ slack, logger, version: '1.2.3', toolsets });
// Like an open connection to a broker: only the server's own shutdown may end the process.
const connection = setInterval(() => {}, 60_000);
await serveStdio(host);
await host.close();
clearInterval(connection);
log({ code: 0 }, 'ended');
