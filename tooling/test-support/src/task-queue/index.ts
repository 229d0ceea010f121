export { type TaskQueueUnderTest, testTaskQueue } from './contract.ts';
export { idsOf, request, timestamp } from './messages.ts';
