export { sharedBrokersPort } from '@slack-mcp/brokers/vitest';
