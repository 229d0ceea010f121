export { type HandleOptions, handle } from './handle.ts';
export type { HandleOutcome, RecordedLog, SlackCall } from './handle-outcome.ts';
export type { Published } from './idle-backend.ts';
export type { SlackStub } from './slack-stub.ts';
export { createTestContext, type TestContext, type TestContextParts } from './test-context.ts';
