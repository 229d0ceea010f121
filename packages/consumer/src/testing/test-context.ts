import { type SlackClient, silentLogger, type WorkerContext } from '@slack-mcp/core';
import { IdleBackend, type Published } from './idle-backend.ts';

/** What a worker is given in a test. */
export interface TestContext extends WorkerContext {
  /** What was published to its backend. */
  readonly published: readonly Published[];
}

/** Agrees to everything. */
export const agreeableSlack: SlackClient = { call: async () => ({ ok: true }) };

/**
 * A context without a queue and without Slack, to start a worker file or make a consumer with: nothing comes from its
 * backend, `handle` brings the events.
 *
 * @param parts - parts of your own
 */
export function createTestContext(parts: Partial<WorkerContext> = {}): TestContext {
  const backend = new IdleBackend();
  const context = { backend, slack: agreeableSlack, logger: silentLogger, ...parts };
  // No part of what a worker spreads into its options.
  return Object.defineProperty(context, 'published', { value: backend.published }) as TestContext;
}
