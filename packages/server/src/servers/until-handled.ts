import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueBackend } from '@slack-mcp/core';

const POLL_MS = 20;

/**
 * Waits until the groups of a backend have settled their undelivered messages. Returns at once if the backend does not
 * count undelivered messages.
 *
 * @param goesOn - whether to continue waiting
 */
export async function untilHandled(backend: QueueBackend, goesOn: () => boolean): Promise<void> {
  while (goesOn() && (await backend.health()).backlog) await sleep(POLL_MS);
}
