import { silentLogger } from '@slack-mcp/core';
import type { WorkerContext } from '@slack-mcp/slack';
import { IdleBackend, type Published } from './idle-backend.ts';
import { agreeableSlack, clientOfStub, type SlackStub } from './slack-stub.ts';

/** What a worker is given in a test. */
export interface TestContext extends WorkerContext {
  /** What was published to its backend. */
  readonly published: readonly Published[];
}

/** Parts of a test context of your own. */
export type TestContextParts = Partial<Omit<WorkerContext, 'slack'>> & {
  /** Answers the calls of the Web API. Default: `{ ok: true }` to each. */
  readonly slack?: SlackStub;
};

/**
 * A context without a queue and without Slack, to start a worker file or make a consumer with: nothing comes from its
 * backend, `handle` brings the events.
 *
 * @param parts - parts of your own
 */
export function createTestContext({ slack = agreeableSlack, ...parts }: TestContextParts = {}): TestContext {
  const backend = new IdleBackend();
  const context = { backend, slack: clientOfStub(slack), logger: silentLogger, ...parts };
  // No part of what a worker spreads into its options.
  return Object.defineProperty(context, 'published', { value: backend.published }) as TestContext;
}
