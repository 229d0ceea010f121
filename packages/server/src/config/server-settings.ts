import { isIP } from 'node:net';
import { isAbsolute, parse } from 'node:path';
import { readMetricsKeys } from '@slack-mcp/core/ops';
import { isPlaceholder } from '@slack-mcp/slack';
import type { TrustProxy } from '../http/forwarded.ts';
import { LOG_LEVELS, type LogSettings } from '../logging/log-settings.ts';
import type { SettingsReader } from './settings-reader.ts';
import { readTrustProxy } from './trust-proxy.ts';

/** The address and port on which a server listens. */
export interface ListenSettings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly trustProxy: TrustProxy;
  /** The keys that may read `/metrics`. */
  readonly metricsKeys: readonly string[];
}

/** The tools to serve. */
export interface ToolSettings {
  readonly readOnly: boolean;
  readonly toolsets: readonly string[];
  readonly tools: readonly string[];
  readonly excludeTools: readonly string[];
  readonly readChannels: readonly string[];
  readonly writeChannels: readonly string[];
  readonly externalChannels: 'allow' | 'read' | 'deny';
  readonly allowBroadcast: boolean;
  readonly uploadFolders: readonly string[];
  readonly output: 'text' | 'json';
  readonly cacheFile: string | undefined;
  readonly idempotencyFile: string | undefined;
}

/** @throws ConfigurationError */
export function readListenSettings(reader: SettingsReader): ListenSettings {
  const host = reader.env.string(reader.name('HOST'), { default: '127.0.0.1' });
  if (!isHost(host)) throw reader.error('HOST', 'is neither an IP address nor a host name');
  const port = reader.env.integer(reader.name('PORT'), { default: 3000, max: 65_535 });
  const metricsKeys = readMetricsKeys(reader.env, isPlaceholder);
  return { host, port, trustProxy: readTrustProxy(reader), metricsKeys };
}

/**
 * Reads the maximum time, in milliseconds, that a server may take to close.
 *
 * @throws ConfigurationError
 */
export function readShutdownTimeout(reader: SettingsReader): number {
  return reader.env.integer('SHUTDOWN_TIMEOUT_MS', { default: 10_000, max: 3_600_000 });
}

/** The settings for closing a server that listens on a port. */
export interface ShutdownSettings {
  readonly shutdownTimeoutMs: number;
  /** Milliseconds after a signal to stop during which the port stays open. */
  readonly shutdownDelayMs: number;
}

/** @throws ConfigurationError */
export function readShutdownSettings(reader: SettingsReader): ShutdownSettings {
  const shutdownTimeoutMs = readShutdownTimeout(reader);
  const shutdownDelayMs = reader.env.integer('SHUTDOWN_DELAY_MS', { default: 0, max: 3_600_000 });
  if (shutdownDelayMs > shutdownTimeoutMs) {
    throw reader.error('SHUTDOWN_DELAY_MS', `is longer than SHUTDOWN_TIMEOUT_MS, which is ${shutdownTimeoutMs}`);
  }
  return { shutdownTimeoutMs, shutdownDelayMs };
}

/**
 * Reads where to keep events while the broker is unavailable.
 *
 * @returns undefined if no folder is configured
 * @throws ConfigurationError
 */
export function readSpoolSettings(reader: SettingsReader): { folder: string; maxBytes: number } | undefined {
  const maxBytes = reader.env.integer('SLACK_MCP_SPOOL_MAX_BYTES', { default: 268_435_456, min: 1_048_576 });
  const folder = reader.env.string('SLACK_MCP_SPOOL_DIR');
  return folder === undefined ? undefined : { folder, maxBytes };
}

/** @throws ConfigurationError */
export function readLogSettings(reader: SettingsReader): LogSettings {
  return {
    level: reader.env.oneOf(reader.name('LOG_LEVEL'), LOG_LEVELS, { default: 'info' }),
    format: reader.env.oneOf(reader.name('LOG_FORMAT'), ['json', 'text'], { default: 'json' }),
  };
}

/** @throws ConfigurationError */
export function readToolSettings(reader: SettingsReader): ToolSettings {
  return {
    readOnly: reader.env.boolean('SLACK_MCP_READ_ONLY', { default: false }),
    toolsets: reader.env.list(reader.name('SLACK_MCP_TOOLSETS')),
    tools: reader.env.list(reader.name('SLACK_MCP_TOOLS')),
    excludeTools: reader.env.list(reader.name('SLACK_MCP_EXCLUDE_TOOLS')),
    readChannels: reader.env.list('SLACK_MCP_READ_CHANNELS'),
    writeChannels: reader.env.list('SLACK_MCP_WRITE_CHANNELS'),
    externalChannels: reader.env.oneOf('SLACK_MCP_EXTERNAL_CHANNELS', ['allow', 'read', 'deny'], { default: 'allow' }),
    allowBroadcast: reader.env.boolean('SLACK_MCP_ALLOW_BROADCAST', { default: false }),
    uploadFolders: readFolders(reader, 'SLACK_MCP_UPLOAD_FOLDERS'),
    output: reader.env.oneOf('SLACK_MCP_OUTPUT', ['text', 'json'], { default: 'text' }),
    cacheFile: readPath(reader, 'SLACK_MCP_CACHE_FILE'),
    idempotencyFile: readPath(reader, 'SLACK_MCP_IDEMPOTENCY_FILE'),
  };
}

/**
 * Reads a path. Over stdio, a relative path is rejected, because the working directory is the folder that the client
 * has open.
 */
function readPath(reader: SettingsReader, variable: string): string | undefined {
  const path = reader.env.string(variable);
  if (path === undefined || reader.sources.folder === 'operator' || isAbsolute(path)) return path;
  throw reader.error(variable, 'is relative to the folder that the client has open: give an absolute path over stdio');
}

/** Reads the absolute paths of folders. */
function readFolders(reader: SettingsReader, variable: string): readonly string[] {
  const folders = reader.env.list(variable);
  const wrong = folders.find((folder) => !isAbsolute(folder) || parse(folder).root === folder);
  if (wrong === undefined) return folders;
  const problem = isAbsolute(wrong) ? 'contains the whole file system' : 'is not an absolute path';
  throw reader.error(variable, `${JSON.stringify(wrong.slice(0, 60))} ${problem}: name folders`);
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
