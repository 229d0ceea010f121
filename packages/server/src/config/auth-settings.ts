import { type FileContent, isLoopback, readRegularFile } from '@slack-mcp/core';
import { isPlaceholder } from '@slack-mcp/slack';
import type { AuthOptions } from '../access/access-guard.ts';
import { type AuthKey, createKeyCheck, parseAuthKey } from '../access/auth-key.ts';
import { isIssuerUrl } from '../access/is-issuer-url.ts';
import type { JwtOptions } from '../access/jwt-check.ts';
import type { Keys } from '../access/key-source.ts';
import { watchKeyFile } from './key-file.ts';
import { MIN_SECRET_LENGTH } from './secrets.ts';
import type { SettingsReader } from './settings-reader.ts';

/**
 * Reads how MCP clients authenticate.
 *
 * @param place - the host on which MCP listens, and the URL of the endpoint that clients use
 * @returns undefined if no authorization is configured
 * @throws ConfigurationError - a setting is invalid, or MCP is served on an address other than loopback without
 * authorization
 */
export function readAuthSettings(
  reader: SettingsReader,
  { host, publicUrl }: { host: string; publicUrl: string | undefined },
): AuthOptions | undefined {
  const keys = readAllKeys(reader, host);
  const jwt = readJwtSettings(reader, publicUrl);
  const slackSigned = readSlackSigned(reader);
  const auth = {
    ...(keys === undefined ? {} : { keys }),
    ...(jwt === undefined ? {} : { jwt }),
    ...(slackSigned === undefined ? {} : { slackSigned }),
  };
  if (Object.keys(auth).length === 0) {
    if (isLoopback(host)) return undefined;
    const why = `is not set, and on ${host} anyone who can reach the port could use the Slack token through MCP`;
    throw reader.error('MCP_AUTH_TOKEN', `${why}: set it, MCP_JWT_ISSUER or MCP_SLACK_SIGNED, or listen on 127.0.0.1`);
  }
  return auth;
}

/** Reads the keys from the environment and from a key file. The content of the key file may change at runtime. */
function readAllKeys(reader: SettingsReader, host: string): Keys | undefined {
  const own = readKeys(reader, 'MCP_AUTH_TOKEN', reader.env.list('MCP_AUTH_TOKEN'));
  const path = reader.env.string('MCP_AUTH_TOKEN_FILE');
  const read = (isFirst: boolean): readonly (string | AuthKey)[] => {
    const keys = [...own, ...(path === undefined ? [] : readKeyFile(reader, path, isFirst))];
    if (!isLoopback(host) && keys.some((key) => tokenOf(key).length < MIN_SECRET_LENGTH)) {
      throw reader.error(
        'MCP_AUTH_TOKEN',
        `contains a token that is too short to be safe: use at least ${MIN_SECRET_LENGTH} characters`,
      );
    }
    return keys;
  };
  if (path === undefined) return own.length === 0 ? undefined : read(true);
  let isFirst = true;
  return watchKeyFile({
    path,
    read: () => {
      const keys = read(isFirst);
      // Names and rights are checked before these keys replace others.
      createKeyCheck(keys);
      isFirst = false;
      return keys;
    },
    onProblem: (reason) => reader.onProblem?.('mcp_keys_not_reloaded', { reason }),
  });
}

function readKeys(reader: SettingsReader, variable: string, texts: readonly string[]): readonly (string | AuthKey)[] {
  return texts.map((text) => {
    const key = parseAuthKey(text);
    if (key !== undefined && isPlaceholder(tokenOf(key))) {
      throw reader.error(
        variable,
        `contains a placeholder, which anyone can guess: replace it with the output of ${MAKE_KEY}`,
      );
    }
    if (key === undefined) {
      throw reader.error(variable, 'gives a key an unknown right: write name:read=token or name:write=token');
    }
    return key;
  });
}

/**
 * Reads one key per line. Lines that begin with `#` are comments.
 *
 * @param isFirst - whether the server is starting. At the start, the file must contain a key; later, an empty file
 * revokes all of its keys
 */
function readKeyFile(reader: SettingsReader, path: string, isFirst: boolean): readonly (string | AuthKey)[] {
  const variable = 'MCP_AUTH_TOKEN_FILE';
  let content: FileContent;
  try {
    content = readRegularFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw reader.error(
      variable,
      `cannot be read: ${code}; name a regular file of at most 1 MiB that the server can read`,
    );
  }
  if (content.writableByOthers) {
    throw reader.error(
      variable,
      'names a file that other users can write to, so they could add keys: run chmod 600 on it',
    );
  }
  const texts = content.text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (texts.length === 0 && isFirst) throw reader.error(variable, 'contains no key: add one key per line');
  return readKeys(reader, variable, texts);
}

function readJwtSettings(reader: SettingsReader, publicUrl: string | undefined): JwtOptions | undefined {
  const { env } = reader;
  const issuer = env.url('MCP_JWT_ISSUER', { protocols: ['https:', 'http:'] });
  if (issuer === undefined) {
    const given = DEPENDENT_ON_ISSUER.find((variable) => env.source[variable]?.trim());
    if (given === undefined) return undefined;
    throw reader.error(given, 'has no effect without MCP_JWT_ISSUER: set both');
  }
  const audience = env.list('MCP_JWT_AUDIENCE');
  if (audience.length === 0 && publicUrl === undefined) {
    throw reader.error(
      'MCP_JWT_AUDIENCE',
      'is not set, nor is MCP_PUBLIC_URL: set one of them, so that tokens for other servers are rejected',
    );
  }
  const jwksUrl = env.url('MCP_JWT_JWKS_URL', { protocols: ['https:', 'http:'] });
  for (const [variable, url] of [
    ['MCP_JWT_ISSUER', issuer],
    ['MCP_JWT_JWKS_URL', jwksUrl ?? issuer],
  ] as const) {
    if (!isIssuerUrl(url))
      throw reader.error(variable, 'is not an https URL: http is allowed only for loopback addresses');
  }
  return {
    issuer,
    ...(audience.length === 0 ? {} : { audience }),
    ...(jwksUrl === undefined ? {} : { jwksUrl }),
    tokenType: env.oneOf('MCP_JWT_TYPE', ['at+jwt', 'any'], { default: 'at+jwt' }),
    requiredScopes: env.list('MCP_JWT_REQUIRED_SCOPES'),
    readScope: env.string('MCP_JWT_READ_SCOPE', { default: 'slack:read' }),
    writeScope: env.string('MCP_JWT_WRITE_SCOPE', { default: 'slack:write' }),
  };
}

const DEPENDENT_ON_ISSUER = ['MCP_JWT_AUDIENCE', 'MCP_JWT_JWKS_URL', 'MCP_JWT_REQUIRED_SCOPES'];

function readSlackSigned(reader: SettingsReader): AuthOptions['slackSigned'] {
  const rights = reader.env.oneOf('MCP_SLACK_SIGNED', ['off', 'read', 'write'], { default: 'off' });
  const teams = reader.env.list('MCP_SLACK_TEAMS');
  const appId = reader.env.string('MCP_SLACK_APP');
  if (appId !== undefined && !/^A[A-Z0-9]{2,}$/i.test(appId)) {
    throw reader.error('MCP_SLACK_APP', 'is not the id of an app, such as A0123456789');
  }
  if (rights !== 'off') {
    return { rights, ...(teams.length === 0 ? {} : { teams }), ...(appId === undefined ? {} : { appId }) };
  }
  if (appId !== undefined) throw reader.error('MCP_SLACK_APP', 'has no effect without MCP_SLACK_SIGNED: set both');
  if (teams.length > 0) throw reader.error('MCP_SLACK_TEAMS', 'has no effect without MCP_SLACK_SIGNED: set both');
  return undefined;
}

const MAKE_KEY = 'openssl rand -hex 32';

function tokenOf(key: string | AuthKey): string {
  return typeof key === 'string' ? key : key.token;
}
