import { ConfigurationError, type Logger } from '@slack-mcp/core';
import { WORKSPACE_NAME } from '../config/workspace-settings.ts';
import type { SlackPorts } from '../mcp/workspaces/workspaces.ts';
import { createSlackPort } from '../slack/create-slack-port.ts';
import type { SlackPort } from '../slack/slack-port.ts';
import type { TokenProvider } from '../slack/slack-tokens.ts';
import type { SlackOptions } from './server-options.ts';

/**
 * The one Slack client of a server, or one for each of its workspaces.
 *
 * @throws ConfigurationError - the name of a workspace that cannot be one
 */
export function openSlack({ token, workspaces, apiUrl, retry, proxy }: SlackOptions, logger: Logger): SlackPorts {
  const open = (from: string | TokenProvider | undefined): SlackPort =>
    createSlackPort({
      token: from,
      logger,
      ...(apiUrl === undefined ? {} : { apiUrl }),
      ...(proxy === undefined ? {} : { proxy }),
      ...(retry === undefined ? {} : { retries: retry }),
    });
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
