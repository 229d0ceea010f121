import { fileURLToPath } from 'node:url';
import type { Broker } from '@slack-mcp/brokers';
import { createSimulator } from '@slack-mcp/simulator';
import { binOf, type Child, startSource } from '../../../test-support/src/start-command.ts';
import { imageStart } from '../start-command.ts';

/** A server and a worker that use a broker. */
export interface Installation extends AsyncDisposable {
  readonly server: Child;
  readonly worker: Child;
  /** The base URL of the server. */
  readonly address: string;
}

/** Where an installation runs. */
export interface InstallationOptions {
  readonly broker: Broker;
  /** The file to which the worker appends what it handles. */
  readonly journal: string;
  readonly signingSecret: string;
}

const GROUP = 'load';
/** Where the backends are installed. */
const APP_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Starts the server as the image does, a worker, and a simulated workspace. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { broker, journal, signingSecret } = options;
  const simulator = await createSimulator({ signingSecret });
  const shared = {
    ...broker.env,
    QUEUE_GROUPS: GROUP,
    QUEUE_BACKEND: broker.name,
    SLACK_BOT_TOKEN: 'xoxb-simulator',
    SLACK_API_URL: simulator.url,
  };
  const { command, args, env } = imageStart();
  const server = startSource(binOf('server', command), args, {
    env: { ...env, ...shared, HOST: '127.0.0.1', PORT: '0', SLACK_SIGNING_SECRET: signingSecret },
    cwd: APP_ROOT,
  });
  const handlers = fileURLToPath(new URL('../../worker/journal-worker.ts', import.meta.url));
  const worker = startSource(
    binOf('consumer', 'slack-mcp-consumer'),
    ['--handlers', handlers, '--group', GROUP, '--health-port', '0'],
    { env: { ...shared, JOURNAL: journal }, cwd: APP_ROOT },
  );
  const kill = (): void => {
    for (const child of [server, worker]) child.process.kill('SIGKILL');
  };
  process.once('exit', kill);
  const dispose = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    await simulator.close();
  };
  try {
    const { address } = await server.line((entry) => entry['message'] === 'server_listening');
    await worker.line((entry) => entry['message'] === 'consumer_ready');
    return { server, worker, address: String(address), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
