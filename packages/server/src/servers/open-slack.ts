import { ConfigurationError, type Logger, type Metrics } from '@slack-mcp/core';
import {
  addSlackMetrics,
  clientOf,
  createClientsByTeam,
  createSlackEgress,
  createSlackPort,
  type SlackClient,
  type SlackEgress,
  type SlackPort,
  WORKSPACE_NAME,
} from '@slack-mcp/slack';
import type { SlackPorts } from '../tools/workspaces/workspaces.ts';
import type { SlackOptions } from './server-options.ts';

/** A server's access to Slack. */
export interface OpenSlack {
  /** The proxy settings and the API address for all connections to Slack. */
  readonly egress: SlackEgress;
  /** The Slack client for tools: a single port, or one port for each workspace. */
  readonly ports: SlackPorts;
  /** The Slack client for workers, which uses the same ports as the tools. */
  readonly client: SlackClient;
  /** Creates a port that uses a caller's own token for a workspace and shares the connections of the server. */
  portOf(token: string, workspace: string | undefined): SlackPort;
}

/**
 * Opens the access to Slack that the components of a server share. Makes no calls to Slack.
 *
 * @throws ConfigurationError - the name of a workspace is invalid, or `apiUrl` would send tokens unencrypted
 */
export function openSlack(
  { token, workspaces, apiUrl, proxy, retry }: SlackOptions,
  logger: Logger,
  metrics?: Metrics,
): OpenSlack {
  const egress = createSlackEgress({ apiUrl, proxy });
  const observe = metrics && addSlackMetrics(metrics);
  const open = (from: SlackOptions['token']): SlackPort => {
    const retries = retry === undefined ? {} : { retries: retry };
    return createSlackPort({ token: from, egress, logger, observer: observe?.(), ...retries });
  };
  const portOf: OpenSlack['portOf'] = (own, workspace) => {
    const shared = workspace === undefined ? token : workspaces?.[workspace];
    return open({ bot: own, teamId: typeof shared === 'object' ? shared.teamId : undefined });
  };
  if (workspaces === undefined) {
    const port = open(token);
    return { egress, ports: port, client: clientOf(port, egress), portOf };
  }
  const names = Object.keys(workspaces);
  const wrong = names.find((name) => !WORKSPACE_NAME.test(name));
  if (names.length === 0 || wrong !== undefined) {
    const problem =
      wrong === undefined
        ? 'no workspace is given; add at least one'
        : `${JSON.stringify(wrong.slice(0, 60))} is not a valid name; use lower-case letters, digits and hyphens`;
    throw new ConfigurationError(`workspaces: ${problem} (for example { acme: token })`);
  }
  const ports = new Map(names.map((name) => [name, open(workspaces[name])]));
  const clients = new Map([...ports].map(([name, port]) => [name, clientOf(port, egress)]));
  return { egress, ports, client: createClientsByTeam(clients), portOf };
}
