import { join } from 'node:path';
import { RedisBackend } from '../../../packages/backend-redis/src/redis-backend.ts';
import { startBroker } from '../../brokers/src/index.ts';
import { separateConnections } from '../../deploy/src/event-clients.ts';
import { imageStart } from '../../deploy/src/start-command.ts';
import { stopUnderLoad } from '../../deploy/src/stop-under-load.ts';
import { startCommand } from '../../test-support/src/start-command.ts';

const SECRET = 'image-check-signing-secret';

/**
 * Runs the start command of the image with the packages installed in `folder`, as the image does, and stops it with
 * SIGTERM under load. Every accepted event must be in the queue.
 */
export async function checkImageStart(folder: string): Promise<void> {
  await using broker = await startBroker('redis');
  const { command, args, env } = imageStart();
  const settings = {
    ...broker.env,
    ...env,
    PORT: '0',
    PATH: `${join(folder, 'node_modules/.bin')}:${process.env['PATH']}`,
    QUEUE_BACKEND: 'redis',
    QUEUE_GROUPS: 'bot',
    SLACK_BOT_TOKEN: 'xoxb-your-token-1',
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
    SLACK_SIGNING_SECRET: SECRET,
    MCP_AUTH_TOKEN: 'a-key-for-the-check-of-the-image',
  };
  const server = startCommand(command, args, { title: 'the start command of the image', env: settings, cwd: folder });
  await using backend = RedisBackend.fromEnv({ ...broker.env, QUEUE_GROUPS: 'bot' });
  try {
    const { address } = await server.line((entry) => entry['message'] === 'server_listening');
    const client = separateConnections(`http://127.0.0.1:${new URL(String(address)).port}`);
    const report = await stopUnderLoad({ server, client, signingSecret: SECRET, backend, group: 'bot' });
    console.error(JSON.stringify({ check: 'image-start', ...report, lost: report.lost.length }));
    if (report.lost.length > 0) throw new Error(`SIGTERM under load lost ${report.lost.length} accepted events`);
    if (report.exitCode !== 0) throw new Error(`the server exited with ${report.exitCode} on SIGTERM`);
  } finally {
    server.process.kill('SIGKILL');
  }
}
