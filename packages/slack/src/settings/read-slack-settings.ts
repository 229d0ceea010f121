import type { ProxySettings } from '../egress/proxy-settings.ts';
import { isLoopbackHost, readApiUrl, SLACK_API_URL } from '../egress/slack-hosts.ts';
import type { WorkspaceTokens } from '../slack-tokens.ts';
import { readTeamId } from './read-team-id.ts';
import { readWorkspaces } from './read-workspaces.ts';
import { APP_TOKEN, BOT_TOKEN, readTokenVariable, type SettingsSource, USER_TOKEN } from './token-variables.ts';

/** The settings for calls to Slack. */
export interface SlackSettings {
  /** The tokens of a single workspace; undefined without a token or with several workspaces. */
  readonly token: WorkspaceTokens | undefined;
  /** The tokens of several workspaces, by the names of the workspaces; undefined with a single workspace. */
  readonly workspaces: Readonly<Record<string, WorkspaceTokens>> | undefined;
  /** Base URL of the Web API, with a trailing slash. */
  readonly apiUrl: string;
  /** The proxies to use; undefined if no proxy is needed. */
  readonly proxy: ProxySettings | undefined;
}

/**
 * Reads the settings for servers and workers from `SLACK_BOT_TOKEN`, `SLACK_USER_TOKEN`, `SLACK_TEAM_ID`,
 * `SLACK_WORKSPACES`, `SLACK_API_URL` and the proxy variables.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it
 */
export function readSlackSettings(source: SettingsSource): SlackSettings {
  const bot = readTokenVariable(source, 'SLACK_BOT_TOKEN', BOT_TOKEN);
  const user = readTokenVariable(source, 'SLACK_USER_TOKEN', USER_TOKEN);
  const teamId = readTeamId(source, 'SLACK_TEAM_ID');
  const isGiven = bot !== undefined || user !== undefined;
  const apiUrl = readBase(source);
  return {
    token: isGiven ? { ...(bot && { bot }), ...(user && { user }), ...(teamId && { teamId }) } : undefined,
    workspaces: readWorkspaces(source),
    apiUrl,
    proxy: readProxy(source, apiUrl),
  };
}

/**
 * Reads the app-level token for Socket Mode.
 *
 * @throws ConfigurationError - the value is not an app-level token
 */
export function readAppToken(source: SettingsSource): string | undefined {
  return readTokenVariable(source, 'SLACK_APP_TOKEN', APP_TOKEN);
}

function readBase({ env, error }: SettingsSource): string {
  const value = env.url('SLACK_API_URL', { default: SLACK_API_URL, protocols: ['https:', 'http:'] });
  const url = new URL(value);
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw error('SLACK_API_URL', 'would send the token unencrypted: http is allowed only for loopback addresses');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw error('SLACK_API_URL', 'must be a base URL without credentials, query or fragment');
  }
  return readApiUrl(value);
}

/** Reads the proxy variables, in upper or lower case. A loopback address never uses a proxy. */
function readProxy({ env, error }: SettingsSource, apiUrl: string): ProxySettings | undefined {
  const read = (name: string): string | undefined => {
    const value = env.source[name.toLowerCase()] || env.string(name);
    if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
    throw error(name, 'is not a URL with http:// or https://');
  };
  const [httpsProxy, httpProxy] = [read('HTTPS_PROXY'), read('HTTP_PROXY')];
  if ((httpsProxy === undefined && httpProxy === undefined) || isLoopbackHost(new URL(apiUrl).hostname))
    return undefined;
  const noProxy = env.string('NO_PROXY') ?? env.source['no_proxy'];
  return {
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
}
