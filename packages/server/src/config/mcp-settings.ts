import type { AuthOptions } from '../access/access-guard.ts';
import { readAuthSettings } from './auth-settings.ts';
import type { SettingsReader } from './settings-reader.ts';
import { readSigningSecrets } from './slack-settings.ts';
import { HTTP_TRANSPORTS } from './sources.ts';

/** The settings for serving MCP over HTTP. */
export interface McpHttpSettings {
  readonly transport: 'streamable-http' | 'sse' | 'both';
  readonly mcpSessions: 'stateful' | 'stateless';
  readonly mountPath: string;
  readonly quotas: { readonly callsPerMinute: number };
  /**
   * How callers authenticate. If `auth` is undefined, callers are not authenticated. This is allowed only on a loopback
   * address.
   */
  readonly auth: AuthOptions | undefined;
  /** The app's signing secrets; set only with `auth.slackSigned`. */
  readonly signingSecret?: readonly string[];
  readonly publicUrl: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]+$/i;
const TAKEN_PATHS =
  /^\/(slack|health|healthz|readyz|metrics|list_tools|call_tool|openapi\.json|docs|\.well-known)(\/|$)/;

/**
 * Reads the transport over which a command serves MCP.
 *
 * @param fallback - the command's default transport; only a command whose default is `stdio` can serve stdio
 * @throws ConfigurationError
 */
export function readTransport<T extends 'stdio' | 'both'>(
  reader: SettingsReader,
  fallback: T,
): McpHttpSettings['transport'] | T {
  const choices = [...HTTP_TRANSPORTS, ...(fallback === 'stdio' ? ['stdio'] : [])];
  const transport = reader.env.oneOf(reader.name('MCP_TRANSPORT'), choices) ?? fallback;
  // Other servers call it `http`.
  return (transport === 'http' ? 'streamable-http' : transport) as McpHttpSettings['transport'] | T;
}

/**
 * Rejects flags that have no effect over stdio. Environment variables without effect are not rejected, because several
 * commands may share the environment.
 *
 * @throws ConfigurationError
 */
export function refuseListenFlags(reader: SettingsReader): void {
  const given = ['HOST', 'PORT', 'MCP_MOUNT_PATH', 'MCP_SESSIONS'].find(
    (variable) => reader.name(variable) !== variable,
  );
  if (given === undefined) return;
  throw reader.error(given, 'has no effect, because the transport is stdio: add --transport streamable-http');
}

/**
 * @param host - the host on which MCP listens; on any address other than loopback, MCP needs authorization
 * @throws ConfigurationError
 */
export function readMcpHttpSettings(
  reader: SettingsReader,
  transport: McpHttpSettings['transport'],
  host: string,
): McpHttpSettings {
  const mountPath = reader.env.string(reader.name('MCP_MOUNT_PATH'), { default: '/mcp' });
  if (!/^(\/|(\/(?!\.+(\/|$))[A-Za-z0-9._~-]+)+)$/.test(mountPath)) {
    throw reader.error('MCP_MOUNT_PATH', 'must begin with a slash and must not end with one');
  }
  if (TAKEN_PATHS.test(mountPath))
    throw reader.error('MCP_MOUNT_PATH', 'is the path of another endpoint: choose a different path');
  const mcpSessions = reader.env.oneOf(reader.name('MCP_SESSIONS'), ['stateful', 'stateless'], { default: 'stateful' });
  if (mcpSessions === 'stateless' && transport === 'sse') {
    throw reader.error('MCP_SESSIONS', 'cannot be stateless with the transport sse, because its streams are sessions');
  }
  const publicUrl = readPublicUrl(reader);
  const auth = readAuthSettings(reader, { host, publicUrl });
  const allowedOrigins = reader.env.list('MCP_ALLOWED_ORIGINS');
  if (!allowedOrigins.every((origin) => origin === '*' || origin === 'null' || ORIGIN.test(origin))) {
    throw reader.error(
      'MCP_ALLOWED_ORIGINS',
      'contains a value that is not an origin: give scheme and host, with the port if there is one',
    );
  }
  return {
    transport,
    mcpSessions,
    mountPath,
    quotas: { callsPerMinute: reader.env.integer('MCP_CALLS_PER_MINUTE', { default: 60, max: 100_000 }) },
    auth,
    ...(auth?.slackSigned === undefined ? {} : { signingSecret: readSigningSecrets(reader) }),
    publicUrl,
    allowedHosts: reader.env.list('MCP_ALLOWED_HOSTS'),
    allowedOrigins,
  };
}

function readPublicUrl(reader: SettingsReader): string | undefined {
  const value = reader.env.url('MCP_PUBLIC_URL', { protocols: ['https:', 'http:'] });
  const { username, password, search, hash } = new URL(value ?? 'http://localhost');
  if (username || password || search || hash) {
    throw reader.error('MCP_PUBLIC_URL', 'must contain only scheme, host and path');
  }
  return value;
}
