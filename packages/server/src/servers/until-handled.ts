import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueBackend } from '@slack-mcp/core';

const POLL_MS = 20;

/**
 * Waits until the consumers of a backend have handled all queued messages. Returns at once if the backend does not
 * count queued messages.
 *
 * @param goesOn - called repeatedly; returns whether to continue waiting
 */
export async function untilHandled(backend: QueueBackend, goesOn: () => boolean): Promise<void> {
  while (goesOn() && (await backend.health()).backlog) await sleep(POLL_MS);
}
