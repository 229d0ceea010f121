import { testExample } from '@slack-mcp/example-two-processes/vitest';

testExample('rabbitmq', new URL('../src/main.ts', import.meta.url));
