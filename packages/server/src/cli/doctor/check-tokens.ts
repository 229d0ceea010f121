import {
  createSlackPort,
  isSlackError,
  SlackApiError,
  type SlackEgress,
  type SlackError,
  type SlackPort,
  type TokenKind,
  type WorkspaceTokens,
} from '@slack-mcp/slack';
import type { SlackSettings } from '../../config/slack-settings.ts';
import { missingScope } from '../../tools/missing-scope.ts';
import type { RegisteredTool } from '../../tools/registry.ts';
import type { Finding } from './finding.ts';

/** Options of {@link checkTokens}. */
export interface CheckTokensOptions {
  readonly egress: SlackEgress;
  readonly tools: readonly RegisteredTool[];
}

/** Asks Slack whether each token is valid, and checks whether the served tools have the scopes that they need. */
export async function checkTokens(settings: SlackSettings, options: CheckTokensOptions): Promise<readonly Finding[]> {
  const { token, workspaces = {} } = settings;
  const all: readonly (readonly [string, WorkspaceTokens])[] = [
    ...(token === undefined ? [] : [['', token] as const]),
    ...Object.entries(workspaces),
  ];
  if (all.length === 0) {
    return [
      {
        check: 'tokens',
        verdict: 'failure',
        message: 'neither SLACK_BOT_TOKEN nor SLACK_USER_TOKEN is set',
        advice: 'Create a Slack app from the output of slack-mcp manifest, install it, and set SLACK_BOT_TOKEN.',
      },
    ];
  }
  const findings: Finding[] = [];
  for (const [workspace, tokens] of all) {
    const slots = (['bot', 'user'] as const).filter((slot) => tokens[slot] !== undefined);
    const ports = slots.map((slot) => portOf(slot, tokens, options.egress));
    // SLACK_BOT_TOKEN may contain the token of a user.
    const kinds = ports.map(({ tokenKinds: [kind] = [] }, index) => kind ?? (slots[index] as TokenKind));
    for (const [index, port] of ports.entries()) {
      const kind = kinds[index] as TokenKind;
      findings.push(...(await checkToken(port, { workspace, kind, kinds, tools: options.tools })));
    }
  }
  return findings;
}

function portOf(slot: TokenKind, tokens: WorkspaceTokens, egress: SlackEgress): SlackPort {
  return createSlackPort({ token: { [slot]: tokens[slot], teamId: tokens.teamId }, egress, retries: 1 });
}

/** A token to check, and the tools that may use it. */
interface CheckedToken {
  readonly workspace: string;
  readonly kind: TokenKind;
  /** The kinds of all tokens of the workspace. */
  readonly kinds: readonly TokenKind[];
  readonly tools: readonly RegisteredTool[];
}

async function checkToken(
  port: SlackPort,
  { workspace, kind, kinds, tools }: CheckedToken,
): Promise<readonly Finding[]> {
  const check = workspace === '' ? `${kind} token` : `${kind} of ${workspace}`;
  try {
    const { team, user, bot_id } = await port.call('auth.test');
    const who = `${String(user)}${bot_id === undefined ? '' : ' (a bot)'} in ${String(team)}`;
    const own = tools.filter((tool) => tool.tokens.find((candidate) => kinds.includes(candidate)) === kind);
    return [{ check, verdict: 'ok', message: `Slack accepts it, for ${who}` }, scopesFinding(check, port, kind, own)];
  } catch (error) {
    if (!isSlackError(error)) throw error;
    return [{ check, verdict: 'failure', message: error.message, advice: error.nextStep }];
  }
}

function scopesFinding(check: string, port: SlackPort, kind: TokenKind, tools: readonly RegisteredTool[]): Finding {
  const name = check.replace(' token', ' scopes');
  const granted = port.grantedScopes?.(kind);
  if (granted === undefined) return { check: name, verdict: 'note', message: 'Slack did not report the scopes' };
  const lacking = tools.filter(({ scopes }) => missingScope(scopes, granted, kind) !== undefined);
  if (lacking.length === 0) return { check: name, verdict: 'ok', message: `enough for ${tools.length} tools` };
  return {
    check: name,
    verdict: 'warning',
    message: `missing: ${lacking.map(({ name: tool, scopes }) => `${tool} needs ${scopes.join(' or ')}`).join('; ')}`,
    advice: `Add the scopes to the app (OAuth & Permissions, or oauth_config.scopes.${kind} in its manifest) and install it again, or turn the tools off with SLACK_MCP_EXCLUDE_TOOLS.`,
  };
}

/** Checks the app-level token by requesting the URL of a Socket Mode connection, without opening the connection. */
export async function checkAppToken(token: string | undefined, egress: SlackEgress): Promise<Finding> {
  const check = 'app token';
  if (token === undefined) {
    return { check, verdict: 'note', message: 'SLACK_APP_TOKEN is not set; only --socket-mode needs it' };
  }
  try {
    await createSlackPort({ token, egress, retries: 1 }).call('apps.connections.open');
    return { check, verdict: 'ok', message: 'Slack accepts it' };
  } catch (error) {
    if (!isSlackError(error)) throw error;
    return { check, verdict: 'failure', message: error.message, advice: adviceOf(error) };
  }
}

function adviceOf(error: SlackError): string {
  if (!(error instanceof SlackApiError)) return error.nextStep;
  return error.slackError === 'socket_mode_not_enabled'
    ? 'Turn on Socket Mode in the settings of the app, or remove SLACK_APP_TOKEN.'
    : NEW_APP_TOKEN;
}

const NEW_APP_TOKEN =
  'Create an app-level token with the scope connections:write (Basic Information) and set SLACK_APP_TOKEN.';
