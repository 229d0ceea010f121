import type { SlackPort } from '@slack-mcp/slack';
import type { ComponentHealth } from '../ops/health-routes.ts';
import type { SlackPorts } from '../tools/workspaces/workspaces.ts';
import type { ServerPart } from './compose-server.ts';

/** The entry of Slack in `GET /health`: degraded while Slack refuses a token, which it is not asked for here. */
export function slackPart(ports: SlackPorts): ServerPart {
  return { name: 'slack', health: () => healthOf(ports) };
}

function healthOf(ports: SlackPorts): ComponentHealth {
  const named: readonly (readonly [string, SlackPort])[] = isMap(ports) ? [...ports] : [['', ports]];
  const refused = named.flatMap(([name, port]) => {
    const detail: Readonly<Record<string, string>> = port.health?.().detail ?? {};
    return Object.entries(detail).map(([kind, reason]) => [name === '' ? kind : `${name}.${kind}`, reason] as const);
  });
  return refused.length === 0 ? { status: 'up' } : { status: 'degraded', detail: Object.fromEntries(refused) };
}

function isMap(ports: SlackPorts): ports is ReadonlyMap<string, SlackPort> {
  return ports instanceof Map;
}
