import { type OpsSettings, readOpsSettings as read } from '@slack-mcp/core/ops';
import { isPlaceholder } from '@slack-mcp/slack';
import type { SettingsReader } from './settings-reader.ts';

/**
 * Reads how a server serves the operations API.
 *
 * @returns undefined if the API is off
 * @throws ConfigurationError
 */
export function readOpsSettings({ env, name }: SettingsReader): OpsSettings | undefined {
  return read(env, { isPlaceholder, nameOf: name });
}
