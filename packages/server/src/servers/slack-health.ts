import { type ComponentHealth, type Logger, silentLogger } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import type { SlackPorts } from '../tools/workspaces/workspaces.ts';
import { checkToken, type TokenFacts } from './check-tokens.ts';
import type { ServerPart } from './compose-server.ts';

/** Options of {@link slackPart}. */
export interface SlackPartOptions {
  /** Whether to check the tokens with Slack at the start. Default false. */
  readonly checkTokens?: boolean | undefined;
  /** For each offered tool, its alternative scopes. A tool needs only one of its alternative scopes. Default: none. */
  readonly scopes?: readonly (readonly string[])[];
  readonly logger?: Logger;
}

/**
 * Creates the component `slack_client` in `GET /health`, which is `degraded` while Slack refuses a token. A health check does
 * not call Slack. With `checkTokens`, the server asks Slack once at the start, in the background, and is ready before
 * Slack has answered.
 */
export function slackPart(ports: SlackPorts, options: SlackPartOptions = {}): ServerPart {
  const { checkTokens = false, scopes = [], logger = silentLogger } = options;
  const named: readonly (readonly [string, SlackPort])[] = isMap(ports) ? [...ports] : [['', ports]];
  const facts = new Map<string, TokenFacts>();
  const closing = new AbortController();

  async function check([name, port]: readonly [string, SlackPort]): Promise<void> {
    const workspace = name === '' ? undefined : name;
    facts.set(name, await checkToken(port, { scopes, signal: closing.signal, logger, workspace }));
  }

  function health(): ComponentHealth {
    const refused = named.flatMap(([name, port]) => entriesOf(name, port.health?.().detail));
    const known = named.flatMap(([name]) => entriesOf(name, facts.get(name)));
    const detail = Object.fromEntries([...known, ...refused]);
    if (refused.length > 0) return { status: 'degraded', detail };
    return { status: 'up', ...(known.length === 0 ? {} : { detail }) };
  }

  return {
    name: 'slack_client',
    health,
    async begin() {
      if (checkTokens) for (const entry of named) void check(entry);
    },
    async close() {
      closing.abort();
    },
  };
}

/** Returns the details of one workspace, prefixed with its name if the server uses several workspaces. */
function entriesOf(name: string, detail: object | undefined): [string, string][] {
  return Object.entries(detail ?? {}).map(([key, value]) => [name === '' ? key : `${name}.${key}`, String(value)]);
}

function isMap(ports: SlackPorts): ports is ReadonlyMap<string, SlackPort> {
  return ports instanceof Map;
}
