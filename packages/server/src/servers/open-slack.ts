import { ConfigurationError, type Logger } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import { createSlackPort } from '@slack-mcp/slack';
import { WORKSPACE_NAME } from '../config/workspace-settings.ts';
import type { SlackPorts } from '../tools/workspaces/workspaces.ts';
import type { SlackOptions } from './server-options.ts';

/** A Slack client with one token. */
export function openSlackPort(
  { token, apiUrl, retry, proxy }: Omit<SlackOptions, 'workspaces'>,
  logger: Logger,
): SlackPort {
  return createSlackPort({
    token,
    logger,
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(retry === undefined ? {} : { retries: retry }),
  });
}

/**
 * The one Slack client of a server, or one for each of its workspaces.
 *
 * @throws ConfigurationError - the name of a workspace that cannot be one
 */
export function openSlack(options: SlackOptions, logger: Logger): SlackPorts {
  const { token, workspaces } = options;
  const open = (from: SlackOptions['token']): SlackPort => openSlackPort({ ...options, token: from }, logger);
  if (workspaces === undefined) return open(token);
  const names = Object.keys(workspaces);
  const wrong = names.find((name) => !WORKSPACE_NAME.test(name));
  if (names.length === 0 || wrong !== undefined) {
    throw new ConfigurationError(
      `workspaces: ${names.length === 0 ? 'there is none' : `${JSON.stringify(wrong?.slice(0, 60))} is no name`}; names are lower case letters, digits and hyphens (for example { acme: token })`,
    );
  }
  return new Map(names.map((name) => [name, open(workspaces[name])]));
}

/** The client of what acts in one workspace: the first one. */
export function firstSlack(slack: SlackPorts): SlackPort {
  if (!(slack instanceof Map)) return slack as SlackPort;
  return [...slack.values()][0] as SlackPort;
}
