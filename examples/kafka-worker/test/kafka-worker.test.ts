import { testExample } from '@slack-mcp/example-two-processes/vitest';

testExample('kafka', new URL('../src/main.ts', import.meta.url));
