import { readOpsSettings } from '../config/ops-settings.ts';
import type { SettingsReader } from '../config/settings-reader.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import { allToolsets } from '../tools/toolsets/all-toolsets.ts';
import { knownToolsets } from '../tools/toolsets/known-toolsets.ts';

/**
 * Returns the toolsets that an integrated server with these settings offers for selection.
 *
 * @throws ConfigurationError - the settings of the operations API are not valid
 */
export function offeredToolsets(reader: SettingsReader): ToolRegistry {
  return readOpsSettings(reader) === undefined ? allToolsets : knownToolsets;
}
