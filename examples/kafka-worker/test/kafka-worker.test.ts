import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { childEnvironment } from '@slack-mcp/test-support';
import { expect, test } from 'vitest';

describeWithBroker('kafka', (broker) => {
  test('the worker confirms orders from another process, in order', async () => {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@slack-mcp/source', main], {
      env: childEnvironment(broker.env),
      timeout: 55_000,
    });
    expect(stdout).toContain('#general: 10 mentions, 10 replies, in order\n');
  });
});
