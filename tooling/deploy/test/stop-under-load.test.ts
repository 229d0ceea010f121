import { randomUUID } from 'node:crypto';
import { RedisBackend } from '@slack-mcp/backend-redis';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test } from 'vitest';
import { binOf, startSource } from '../../test-support/src/start-command.ts';
import { imageStart } from '../src/start-command.ts';
import { stopUnderLoad } from '../src/stop-under-load.ts';

const SECRET = 'stop-under-load-secret';

test('reads the command and the environment of the image', () => {
  expect(imageStart()).toEqual({
    command: 'slack-integrated-server',
    args: [],
    env: { NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '3000', SHUTDOWN_TIMEOUT_MS: '25000' },
  });
});

describeWithBroker('redis', (broker) => {
  test('a server that receives SIGTERM under load loses no accepted event, and ends with 0', async () => {
    const prefix = `stop-${randomUUID()}:`;
    const { command, args, env } = imageStart();
    const server = startSource(binOf('server', command), args, {
      env: {
        ...env,
        HOST: '127.0.0.1',
        PORT: '0',
        QUEUE_BACKEND: 'redis',
        QUEUE_GROUPS: 'bot',
        REDIS_URL: broker.url,
        REDIS_PREFIX: prefix,
        SLACK_BOT_TOKEN: 'xoxb-your-token-1',
        SLACK_API_URL: 'http://127.0.0.1:9/api/',
        SLACK_SIGNING_SECRET: SECRET,
      },
      cwd: new URL('..', import.meta.url).pathname,
    });
    onTestFinished(() => void server.process.kill('SIGKILL'));
    const backend = new RedisBackend({ url: broker.url, prefix, groups: ['bot'] });
    onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
    const { address } = await server.line((entry) => entry['message'] === 'server_listening');
    const report = await stopUnderLoad({
      server,
      address: String(address),
      signingSecret: SECRET,
      backend,
      group: 'bot',
    });
    expect(report).toMatchObject({ lost: [], exitCode: 0 });
    expect(report.accepted).toBeGreaterThanOrEqual(500);
  }, 180_000);
});
