import { silentLogger } from '@slack-mcp/core';
import type { WorkerContext } from '@slack-mcp/slack';
import { IdleBackend, type Published } from './idle-backend.ts';
import { agreeableSlack, clientOfStub, type SlackStub } from './slack-stub.ts';

/** The context of a worker in a test. */
export interface TestContext extends WorkerContext {
  /** The messages published to the context's backend. */
  readonly published: readonly Published[];
}

/** The parts of a test context that you can replace. */
export type TestContextParts = Partial<Omit<WorkerContext, 'slack'>> & {
  /** Answers the calls of the Web API. By default, every call returns `{ ok: true }`. */
  readonly slack?: SlackStub;
};

/**
 * Creates a context without a queue and without Slack, to start a worker file or create a consumer. The backend of the
 * context delivers nothing: pass events with `handle`.
 *
 * @param parts - the parts that you replace
 */
export function createTestContext({ slack = agreeableSlack, ...parts }: TestContextParts = {}): TestContext {
  const backend = new IdleBackend();
  const context = { backend, slack: clientOfStub(slack), logger: silentLogger, ...parts };
  // Not enumerable, so that a worker does not spread it into its options.
  return Object.defineProperty(context, 'published', { value: backend.published }) as TestContext;
}
