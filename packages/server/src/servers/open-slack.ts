import type { Logger } from '@slack-mcp/core';
import { createSlackPort } from '../slack/create-slack-port.ts';
import type { SlackPort } from '../slack/slack-port.ts';
import type { SlackOptions } from './server-options.ts';

/** The one Slack client of a server. */
export function openSlack({ token, apiUrl, retry, proxy }: SlackOptions, logger: Logger): SlackPort {
  return createSlackPort({
    token,
    logger,
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(retry === undefined ? {} : { retries: retry }),
  });
}
