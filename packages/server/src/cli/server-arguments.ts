import { type Logger, loadBackend, loadDedupeStore } from '@slack-mcp/core';
import { readAppToken } from '@slack-mcp/slack';
import type { McpHttpSettings } from '../config/mcp-settings.ts';
import { readPublishKeys } from '../config/queue-settings.ts';
import { readSpoolSettings } from '../config/server-settings.ts';
import type { SettingsReader } from '../config/settings-reader.ts';
import { readSigningSecrets, type SlackSettings } from '../config/slack-settings.ts';
import type { McpHttpOptions, McpOptions } from '../servers/serve-mcp.ts';
import type { EventOptions, SlackOptions } from '../servers/server-options.ts';

/** Converts settings to the Slack options of a server. */
export function slackOptions({ token, workspaces, apiUrl, retries, proxy }: SlackSettings): SlackOptions {
  return { token, workspaces, apiUrl, retry: retries, proxy, checkTokens: true };
}

/** Converts settings to the MCP options of a server. */
export function mcpOptions({ transport, mountPath, ...access }: McpHttpSettings, tools: McpOptions): McpHttpOptions {
  return { mcpTransport: transport, mcpMountPath: mountPath, ...access, ...tools };
}

/**
 * Converts settings to the event options of a server. The environment selects the queue backend, which is loaded when
 * the server starts.
 *
 * @param mode - `socketMode`: whether events arrive over Socket Mode, which needs no signing secret
 */
export function eventOptions(reader: SettingsReader, logger: Logger, mode: { socketMode: boolean }): EventOptions {
  const env = reader.env.source;
  const { plugins } = reader.sources;
  const appToken = readAppToken(reader);
  if (mode.socketMode && appToken === undefined) {
    throw reader.error('SLACK_APP_TOKEN', 'is not set: --socket-mode needs it');
  }
  return {
    ...(mode.socketMode && appToken !== undefined
      ? { socketMode: { appToken } }
      : { signingSecret: readSigningSecrets(reader) }),
    keys: readPublishKeys(env),
    spool: readSpoolSettings(reader),
    collapseMentions: reader.env.boolean('SLACK_EVENTS_COLLAPSE_MENTIONS', { default: false }),
    backend: async () => (await loadBackend({ env, logger, ...plugins })).backend,
    dedupe: () => loadDedupeStore({ env, logger, ...plugins }),
  };
}
