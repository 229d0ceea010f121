import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueBackend } from '@slack-mcp/core';

const POLL_MS = 20;

/**
 * Waits until the groups of a backend have settled what they are owed; not where the backend does not know that.
 *
 * @param goesOn - whether there is any use in waiting longer
 */
export async function untilHandled(backend: QueueBackend, goesOn: () => boolean): Promise<void> {
  while (goesOn() && (await backend.health()).backlog) await sleep(POLL_MS);
}
