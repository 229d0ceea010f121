import { silentLogger } from '@slack-mcp/core';
import type { TokenKind } from '@slack-mcp/slack';
import type { SlackSettings } from '../config/slack-settings.ts';
import { openSlack } from '../servers/open-slack.ts';
import { portsOf } from '../tools/workspaces/workspaces.ts';
import { slackOptions } from './server-arguments.ts';

/**
 * Returns the kinds of token that the settings contain. Without any token, returns both kinds, so that commands about
 * tools can be used before an app exists.
 */
export function tokenKindsIn(settings: SlackSettings): readonly TokenKind[] {
  const { ports } = openSlack(slackOptions(settings), silentLogger);
  const kinds = new Set(portsOf(ports).flatMap(({ tokenKinds = [] }) => tokenKinds));
  return kinds.size === 0 ? ['bot', 'user'] : [...kinds];
}
