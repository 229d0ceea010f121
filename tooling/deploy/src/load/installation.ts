import { fileURLToPath } from 'node:url';
import type { Broker } from '@slack-mcp/brokers';
import { createSimulator, SIMULATOR_IDS } from '@slack-mcp/simulator';
import {
  binOf,
  type Child,
  type CommandOptions,
  startCommand,
  startSource,
} from '../../../test-support/src/start-command.ts';
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
  /** Whether to start the built packages instead of their sources, which use more memory. Default: the sources. */
  readonly built?: boolean;
  /** Number of workspaces, all with the same token. Default 1. */
  readonly workspaces?: number;
}

const GROUP = 'load';
const TOKEN = 'xoxb-simulator';
/** Where the backends are installed. */
const APP_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Starts the server as the image does, a worker, and a simulated workspace. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { broker, journal, signingSecret, built = false, workspaces = 1 } = options;
  const simulator = await createSimulator({ signingSecret });
  const shared = {
    ...broker.env,
    QUEUE_GROUPS: GROUP,
    QUEUE_BACKEND: broker.name,
    ...tokensOf(workspaces),
    SLACK_API_URL: simulator.url,
  };
  const { command, args, env } = imageStart();
  const start = built ? startBuilt : startSource;
  const server = start(binOf('server', command), args, {
    env: { ...env, ...shared, HOST: '127.0.0.1', PORT: '0', SLACK_SIGNING_SECRET: signingSecret },
    cwd: APP_ROOT,
  });
  const handlers = fileURLToPath(new URL('../../worker/journal-worker.ts', import.meta.url));
  const worker = start(
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

/** Starts the built twin of a source file of a command. */
function startBuilt(source: string, args: readonly string[], options: CommandOptions): Child {
  const file = source.replace('/src/bin/', '/dist/bin/').replace(/\.ts$/, '.js');
  return startCommand(process.execPath, [file, ...args], options);
}

function tokensOf(workspaces: number): Record<string, string> {
  if (workspaces === 1) return { SLACK_BOT_TOKEN: TOKEN };
  const names = Array.from({ length: workspaces }, (_, index) => `w${index + 1}`);
  // All have the token of the one simulated workspace, so each needs an id of its own.
  const settings = names.flatMap((name, index) => [
    [`SLACK_BOT_TOKEN_${name.toUpperCase()}`, TOKEN],
    [`SLACK_TEAM_ID_${name.toUpperCase()}`, index === 0 ? SIMULATOR_IDS.team : `T${String(index).padStart(9, '0')}`],
  ]);
  return { SLACK_WORKSPACES: names.join(','), ...Object.fromEntries(settings) };
}
