import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@slack-mcp/core';

const folder = fileURLToPath(new URL('../../../../../shared/slack-samples', import.meta.url));

/** Whether payloads that Slack publishes lie beside the repository. */
export const hasSamples: boolean = existsSync(folder);

/** Those of one kind by name, none where there are none. */
export function samples(kind: 'events' | 'interactivity'): [string, JsonObject][] {
  if (!hasSamples) return [];
  return readdirSync(`${folder}/${kind}`).map((file) => [
    basename(file, '.json'),
    JSON.parse(readFileSync(`${folder}/${kind}/${file}`, 'utf8')) as JsonObject,
  ]);
}
