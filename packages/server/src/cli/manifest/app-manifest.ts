import type { JsonObject } from '@slack-mcp/core';
import type { AppScopes } from '../../tools/app-scopes.ts';
import { EVENT_SCOPES } from './event-scopes.ts';

/** Options of {@link appManifest}. */
export interface AppManifestOptions {
  readonly name: string;
  /** The scopes of the tools. */
  readonly scopes: AppScopes;
  /** Names from `EVENT_SCOPES`. */
  readonly events: readonly string[];
  /** How Slack sends events: over Socket Mode, or to the server at this URL. Default: no events. */
  readonly delivery?: 'socket-mode' | URL | undefined;
  /** Whether Slack sends interactions, such as clicks on buttons. */
  readonly interactivity: boolean;
}

/**
 * Composes the manifest of a Slack app with the scopes of its tools and events, and no others. Source:
 * https://docs.slack.dev/reference/app-manifest
 */
export function appManifest({ name, scopes, events, delivery, interactivity }: AppManifestOptions): JsonObject {
  const bot = [...new Set([...scopes.bot, ...events.flatMap((event) => EVENT_SCOPES[event] ?? [])])].sort();
  const hasBot = bot.length > 0 || events.length > 0;
  const at = (path: string): { request_url?: string } =>
    delivery instanceof URL ? { request_url: below(delivery, path) } : {};
  return {
    display_information: { name },
    ...(hasBot && { features: { bot_user: { display_name: botName(name), always_online: true } } }),
    oauth_config: {
      scopes: { ...(bot.length > 0 && { bot }), ...(scopes.user.length > 0 && { user: [...scopes.user] }) },
    },
    settings: {
      ...(events.length > 0 && { event_subscriptions: { ...at('slack/events'), bot_events: [...events].sort() } }),
      ...(interactivity && { interactivity: { is_enabled: true, ...at('slack/interactivity') } }),
      org_deploy_enabled: false,
      socket_mode_enabled: delivery === 'socket-mode',
      token_rotation_enabled: false,
    },
  };
}

/** Appends a path to the path of a URL. */
function below(url: URL, path: string): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/${path}`;
}

/** Returns the name with only the characters that Slack allows in the name of a bot. */
function botName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'slack-mcp'
  );
}
