import { type Env, type KeySettings, readKeySettings } from '@slack-mcp/core';
import { createSettingsReader } from './settings-reader.ts';

/**
 * Reads the queue keys to which events are published.
 *
 * @throws ConfigurationError - a setting is invalid, or `QUEUE_KEYS` does not contain the topic
 */
export function readPublishKeys(env: Env): KeySettings {
  const settings = readKeySettings(env);
  if (!settings.keys.includes(settings.topic)) {
    throw createSettingsReader(env).error(
      'QUEUE_KEYS',
      `lacks ${settings.topic}, where events are published, so no consumer would read them: add it, or change SLACK_EVENTS_TOPIC`,
    );
  }
  return settings;
}
