export { type HandleOptions, handle } from './handle.ts';
export type { HandleOutcome, RecordedLog, SlackCall } from './handle-outcome.ts';
export type { Published } from './idle-backend.ts';
export { createTestContext, type TestContext } from './test-context.ts';
