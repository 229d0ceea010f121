import { type Env, type KeySettings, readKeySettings } from '@slack-mcp/core';
import { createSettingsReader } from './settings-reader.ts';

/**
 * The keys events go to.
 *
 * @throws ConfigurationError - also where the topic is none of `QUEUE_KEYS`
 */
export function readPublishKeys(env: Env): KeySettings {
  const settings = readKeySettings(env);
  if (!settings.keys.includes(settings.topic)) {
    throw createSettingsReader(env).error(
      'QUEUE_KEYS',
      `lacks ${settings.topic}, where events are published: nobody would read them; add it, or set SLACK_EVENTS_TOPIC`,
    );
  }
  return settings;
}
