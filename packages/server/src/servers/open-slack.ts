import type { Logger } from '@slack-mcp/core';
import type { SlackPort } from '../slack/slack-port.ts';
import { createSlackPort } from '../slack/web-api-port.ts';
import type { SlackOptions } from './server-options.ts';

/** The one Slack client of a server. */
export function openSlack({ token, apiUrl, retry }: SlackOptions, logger: Logger): SlackPort {
  return createSlackPort({
    token,
    logger,
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(retry === undefined ? {} : { retries: retry }),
  });
}
