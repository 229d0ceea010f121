import type { Logger } from '@slack-mcp/core';
import { createClientsByTeam } from './clients-by-team.ts';
import { createSlackEgress } from './egress/slack-egress.ts';
import type { SlackSettings } from './settings/read-slack-settings.ts';
import { createSlackClient, type SlackClient } from './slack-client.ts';

/** Creates the Slack client of a process, for a single workspace or for several workspaces with `forTeam`. */
export function openSlackClient(settings: SlackSettings, logger: Logger): SlackClient {
  const { token, workspaces } = settings;
  const egress = createSlackEgress(settings);
  if (workspaces === undefined) return createSlackClient({ token, egress, logger });
  const clients = Object.entries(workspaces).map(([name, tokens]): [string, SlackClient] => {
    return [name, createSlackClient({ token: tokens, egress, logger })];
  });
  return createClientsByTeam(new Map(clients));
}
