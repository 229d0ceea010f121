import { randomUUID } from 'node:crypto';
import { RedisBackend } from '@slack-mcp/backend-redis';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test } from 'vitest';
import { binOf, startSource } from '../../test-support/src/start-command.ts';
import { agentConnections, type EventClient, pooledConnections, separateConnections } from '../src/event-clients.ts';
import { imageStart } from '../src/start-command.ts';
import { type StopUnderLoadOptions, stopUnderLoad } from '../src/stop-under-load.ts';

const SECRET = 'stop-under-load-secret';

/** More rounds for a longer proof. */
const ROUNDS = Number(process.env['STOP_ROUNDS'] ?? 1);

test('reads the command and the environment of the image', () => {
  expect(imageStart()).toEqual({
    command: 'slack-integrated-server',
    args: [],
    env: {
      NODE_ENV: 'production',
      NODE_OPTIONS: '--max-semi-space-size=16',
      HOST: '0.0.0.0',
      PORT: '3000',
      SHUTDOWN_TIMEOUT_MS: '25000',
    },
  });
});

describeWithBroker('redis', (broker) => {
  /** Starts the server as the image does, and stops it under load. */
  async function round(
    createClient: (address: string) => EventClient,
    options: Pick<StopUnderLoadOptions, 'acceptedBeforeStop' | 'pauseMs'> = {},
  ) {
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
    const client = createClient(String(address));
    return stopUnderLoad({ server, client, signingSecret: SECRET, backend, group: 'bot', ...options });
  }

  test('a server that receives SIGTERM under load loses no accepted event, and ends with 0', async () => {
    const report = await round(separateConnections);
    expect(report).toMatchObject({ lost: [], refused: 0, exitCode: 0 });
    expect(report.accepted).toBeGreaterThanOrEqual(500);
  }, 180_000);

  const CLIENTS: [name: string, create: (address: string, connections: number) => EventClient][] = [
    ['an agent of Node', agentConnections],
    ['a pool of undici', pooledConnections],
  ];
  test.for(CLIENTS.flatMap(([name, create]) => Array.from({ length: ROUNDS }, (_, seed) => ({ name, create, seed }))))(
    'a server that receives SIGTERM resets no open connection of $name (seed $seed)',
    { timeout: 180_000 },
    async ({ create, seed }) => {
      const random = seededRandom(seed);
      const longest = 1 + random() * 30;
      const report = await round((address) => create(address, 25), {
        acceptedBeforeStop: 50 + Math.floor(random() * 300),
        pauseMs: () => random() * longest,
      });
      expect(report).toMatchObject({ lost: [], refused: 0, reset: 0, exitCode: 0 });
    },
  );
});

/** Returns pseudorandom numbers from 0 to 1. */
function seededRandom(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
