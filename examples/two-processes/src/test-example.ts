import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BrokerName } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { childEnvironment } from '@slack-mcp/test-support';
import { expect, test } from 'vitest';

/** Runs the main file of an example, which checks its own result, with the broker that all test files share. */
export function testExample(backend: BrokerName, main: URL): void {
  describeWithBroker(backend, (broker) => {
    test('the worker confirms orders from another process, in order', { timeout: 100_000 }, async () => {
      const args = ['--conditions=@slack-mcp/source', fileURLToPath(main)];
      const env = childEnvironment(broker.env);
      const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 90_000 });
      expect(stdout).toContain('#general: 10 mentions, 10 replies, in order\n');
    });
  });
}
