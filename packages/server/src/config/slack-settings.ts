import type { ProxySettings } from '@slack-mcp/slack';
import { isLoopback } from '../http/is-loopback.ts';
import { parseSigningSecret } from '../ingress/signing-secrets.ts';
import { isPlaceholder } from './placeholder.ts';
import { MIN_SECRET_LENGTH } from './secrets.ts';
import type { SettingsReader } from './settings-reader.ts';
import { APP_TOKEN, BOT_TOKEN, readToken, USER_TOKEN } from './slack-tokens.ts';
import { readWorkspaces } from './workspace-settings.ts';

/** How to call Slack. */
export interface SlackSettings {
  readonly token: string | undefined;
  /** In place of `token`: those of several workspaces by their names. */
  readonly workspaces: Readonly<Record<string, string>> | undefined;
  /** Base of the Web API, with a slash at its end. */
  readonly apiUrl: string;
  readonly retries: number;
  /** Undefined where none is needed. */
  readonly proxy: ProxySettings | undefined;
}

/**
 * @param needs - whether the command is of no use without a token
 * @throws ConfigurationError
 */
export function readSlackSettings(reader: SettingsReader, needs: { token: boolean }): SlackSettings {
  const bot = readToken(reader, 'SLACK_BOT_TOKEN', BOT_TOKEN);
  const user = readToken(reader, 'SLACK_USER_TOKEN', USER_TOKEN);
  readAppToken(reader);
  const token = bot ?? user;
  const workspaces = readWorkspaces(reader);
  if (needs.token && token === undefined && workspaces === undefined) {
    const { ignored } = reader.sources;
    const hint = `, and the ${ignored} of the working directory is not read over stdio: add --dotenv ${ignored}, or set it`;
    throw reader.error('SLACK_BOT_TOKEN', `is not set${ignored === undefined ? '' : hint}`);
  }
  const apiUrl = readApiUrl(reader);
  return {
    token,
    workspaces,
    apiUrl,
    proxy: readProxy(reader, apiUrl),
    retries: reader.env.integer('--retry', { default: 3, max: 10 }),
  };
}

/**
 * The app-level token, for Socket Mode.
 *
 * @throws ConfigurationError - another kind of token
 */
export function readAppToken(reader: SettingsReader): string | undefined {
  return readToken(reader, 'SLACK_APP_TOKEN', APP_TOKEN);
}

/**
 * @returns secrets as `resolveSigningSecrets` takes them
 * @throws ConfigurationError - not set, or a token in its place
 */
export function readSigningSecrets(reader: SettingsReader): readonly string[] {
  const secrets = reader.env.list('SLACK_SIGNING_SECRET', { required: true });
  if (secrets.some((text) => /^(xox[a-z]|xapp)[-.]/.test(parseSigningSecret(text).secret))) {
    throw reader.error('SLACK_SIGNING_SECRET', 'holds a token, not a signing secret');
  }
  if (secrets.some((text) => parseSigningSecret(text).secret === '')) {
    throw reader.error('SLACK_SIGNING_SECRET', 'names an app without its secret');
  }
  if (secrets.some((text) => isPlaceholder(parseSigningSecret(text).secret))) {
    throw reader.error('SLACK_SIGNING_SECRET', "holds a placeholder: copy the secret from the app's Basic Information");
  }
  if (secrets.some((text) => parseSigningSecret(text).secret.length < MIN_SECRET_LENGTH)) {
    throw reader.error(
      'SLACK_SIGNING_SECRET',
      `holds what is none: they have at least ${MIN_SECRET_LENGTH} characters`,
    );
  }
  return secrets;
}

/** The usual variables, in lower case too. A loopback address is never gone to through a proxy. */
function readProxy(reader: SettingsReader, apiUrl: string): ProxySettings | undefined {
  const read = (name: string): string | undefined => {
    const value = reader.env.source[name.toLowerCase()] || reader.env.string(name);
    if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
    throw reader.error(name, 'is not a URL with http:// or https://');
  };
  const [httpsProxy, httpProxy] = [read('HTTPS_PROXY'), read('HTTP_PROXY')];
  if ((httpsProxy === undefined && httpProxy === undefined) || isLoopback(new URL(apiUrl).hostname)) return undefined;
  const noProxy = reader.env.string('NO_PROXY') ?? reader.env.source['no_proxy'];
  return {
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
}

function readApiUrl(reader: SettingsReader): string {
  const value = reader.env.url('SLACK_API_URL', {
    default: 'https://slack.com/api/',
    protocols: ['https:', 'http:'],
  });
  const url = new URL(value);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw reader.error('SLACK_API_URL', 'would send the token unencrypted: http is only for loopback addresses');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw reader.error('SLACK_API_URL', 'holds more than a base: no credentials, query or fragment');
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
