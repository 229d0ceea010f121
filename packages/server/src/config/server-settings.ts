import { isIP } from 'node:net';
import { isLoopback } from './is-loopback.ts';
import { MIN_SECRET_LENGTH } from './secrets.ts';
import type { SettingsReader } from './settings-reader.ts';

/** Where a server listens. */
export interface ListenSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** What is logged, and how. */
export interface LogSettings {
  readonly level: (typeof LOG_LEVELS)[number];
  readonly format: 'json' | 'text';
}

/** How MCP is served over HTTP. */
export interface McpHttpSettings {
  readonly transport: 'streamable-http' | 'sse' | 'both';
  readonly mountPath: string;
  /** Empty: no authorization, only on a loopback address. */
  readonly authTokens: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

/** Which tools are served. */
export interface ToolSettings {
  readonly readOnly: boolean;
  readonly toolsets: readonly string[];
  readonly readChannels: readonly string[];
  readonly writeChannels: readonly string[];
  readonly externalChannels: 'allow' | 'read' | 'deny';
  readonly allowBroadcast: boolean;
  readonly cacheFile: string | undefined;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]+$/i;
const TAKEN_PATHS = /^\/(slack|health|healthz|readyz|metrics|list_tools|call_tool)(\/|$)/;

/** @throws ConfigurationError */
export function readListenSettings(reader: SettingsReader): ListenSettings {
  const host = reader.env.string(reader.name('HOST'), { default: '127.0.0.1' });
  if (!isHost(host)) throw reader.error('HOST', 'is neither an IP address nor a host name');
  return { host, port: reader.env.integer(reader.name('PORT'), { default: 3000, max: 65_535 }) };
}

/** @throws ConfigurationError */
export function readLogSettings(reader: SettingsReader): LogSettings {
  return {
    level: reader.env.oneOf(reader.name('LOG_LEVEL'), LOG_LEVELS, { default: 'info' }),
    format: reader.env.oneOf(reader.name('LOG_FORMAT'), ['json', 'text'], { default: 'json' }),
  };
}

/**
 * How a command serves MCP.
 *
 * @param fallback - the command's own default, which also says whether it can serve stdio
 * @throws ConfigurationError
 */
export function readTransport<T extends 'stdio' | 'both'>(
  reader: SettingsReader,
  fallback: T,
): McpHttpSettings['transport'] | T {
  const choices = ['streamable-http', 'sse', 'both', ...(fallback === 'stdio' ? ['stdio'] : [])];
  const transport = reader.env.oneOf(reader.name('MCP_TRANSPORT'), choices);
  return (transport ?? fallback) as McpHttpSettings['transport'] | T;
}

/** @throws ConfigurationError - a flag that is of use over HTTP only; the environment may be made for several commands */
export function refuseListenFlags(reader: SettingsReader): void {
  const given = ['HOST', 'PORT', 'MCP_MOUNT_PATH'].find((variable) => reader.name(variable) !== variable);
  if (given === undefined) return;
  throw reader.error(given, 'is of no use, because the transport is stdio: add --transport streamable-http');
}

/**
 * @param host - where MCP will listen; off loopback it needs a token
 * @throws ConfigurationError
 */
export function readMcpHttpSettings(
  reader: SettingsReader,
  transport: McpHttpSettings['transport'],
  host: string,
): McpHttpSettings {
  const mountPath = reader.env.string(reader.name('MCP_MOUNT_PATH'), { default: '/mcp' });
  if (!/^(\/|(\/(?!\.+(\/|$))[A-Za-z0-9._~-]+)+)$/.test(mountPath)) {
    throw reader.error('MCP_MOUNT_PATH', 'is not a path that begins with a slash and does not end with one');
  }
  if (TAKEN_PATHS.test(mountPath)) throw reader.error('MCP_MOUNT_PATH', 'is taken by another endpoint of the server');
  const authTokens = reader.env.list('MCP_AUTH_TOKEN');
  if (authTokens.length === 0 && !isLoopback(host)) {
    const why = `is not set, and on ${host} anyone who reaches the port could use the Slack token through MCP`;
    throw reader.error('MCP_AUTH_TOKEN', `${why}: set it, or listen on 127.0.0.1`);
  }
  if (!isLoopback(host) && authTokens.some((token) => token.length < MIN_SECRET_LENGTH)) {
    throw reader.error('MCP_AUTH_TOKEN', `holds a token that can be guessed: at least ${MIN_SECRET_LENGTH} characters`);
  }
  const allowedOrigins = reader.env.list('MCP_ALLOWED_ORIGINS');
  if (!allowedOrigins.every((origin) => origin === '*' || ORIGIN.test(origin))) {
    throw reader.error('MCP_ALLOWED_ORIGINS', 'holds what is no origin: scheme and host, with a port where it has one');
  }
  return {
    transport,
    mountPath,
    authTokens,
    allowedHosts: reader.env.list('MCP_ALLOWED_HOSTS'),
    allowedOrigins,
  };
}

/** @throws ConfigurationError */
export function readToolSettings(reader: SettingsReader): ToolSettings {
  return {
    readOnly: reader.env.boolean('SLACK_MCP_READ_ONLY', { default: false }),
    toolsets: reader.env.list('SLACK_MCP_TOOLSETS'),
    readChannels: reader.env.list('SLACK_MCP_READ_CHANNELS'),
    writeChannels: reader.env.list('SLACK_MCP_WRITE_CHANNELS'),
    externalChannels: reader.env.oneOf('SLACK_MCP_EXTERNAL_CHANNELS', ['allow', 'read', 'deny'], { default: 'allow' }),
    allowBroadcast: reader.env.boolean('SLACK_MCP_ALLOW_BROADCAST', { default: false }),
    cacheFile: reader.env.string('SLACK_MCP_CACHE_FILE'),
  };
}

function isHost(host: string): boolean {
  if (isIP(host) !== 0) return true;
  const labels = host.split('.');
  const last = labels.at(-1) ?? '';
  return (
    host.length <= 253 &&
    labels.every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label)) &&
    !/^\d+$/.test(last)
  );
}
