import type { Logger } from '@slack-mcp/core';
import { createClientsByTeam } from './clients-by-team.ts';
import { createSlackPort } from './create-slack-port.ts';
import { createSlackEgress } from './egress/slack-egress.ts';
import type { SlackSettings } from './settings/read-slack-settings.ts';
import { clientOf, type SlackClient } from './slack-client.ts';
import type { SlackObserver } from './slack-observer.ts';
import type { SlackPort } from './slack-port.ts';

/** Options of {@link openSlackClient}. */
export interface OpenSlackClientOptions {
  readonly observe?: () => SlackObserver;
  readonly onPort?: (port: SlackPort, workspace: string | undefined) => void;
}

/**
 * Creates the Slack client of a process, for a single workspace or for several workspaces with `forTeam`.
 *
 * @param options - `observe` creates the observer of the calls to one workspace, see `addSlackMetrics`; `onPort`
 *   receives the port of each workspace
 */
export function openSlackClient(
  settings: SlackSettings,
  logger: Logger,
  options: OpenSlackClientOptions = {},
): SlackClient {
  const { token, workspaces } = settings;
  const egress = createSlackEgress(settings);
  function open(tokens: typeof token, workspace?: string): SlackClient {
    const port = createSlackPort({ token: tokens, egress, logger, observer: options.observe?.() });
    options.onPort?.(port, workspace);
    return clientOf(port, egress);
  }
  if (workspaces === undefined) return open(token);
  return createClientsByTeam(new Map(Object.entries(workspaces).map(([name, tokens]) => [name, open(tokens, name)])));
}
