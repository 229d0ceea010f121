import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRedis, waitFor } from '../../brokers/src/index.ts';

const SECRET = 'packaging-check-secret';

/** A worker that prints the events that it handles. */
const WORKER = `
import { createConsumer } from '@slack-mcp/consumer';

export default async function startWorker(context) {
  const bot = createConsumer({ group: 'packaging', ...context });
  bot.on('app_mention', (event) => void process.stdout.write(\`handled \${event.text}\\n\`));
  await bot.start();
  return bot;
}
`;

/**
 * Runs the packages installed in `folder` as users do: the webhook server and a consumer, two processes with a Redis
 * between them. An event that the server receives must reach the consumer, and both must shut down cleanly.
 */
export async function checkTwoProcesses(folder: string): Promise<void> {
  await writeFile(join(folder, 'worker.mjs'), WORKER);
  const redis = await startRedis();
  const env = {
    ...redis.env,
    QUEUE_BACKEND: 'redis',
    QUEUE_GROUPS: 'packaging',
    SLACK_SIGNING_SECRET: SECRET,
    PORT: '0',
    LOG_FORMAT: 'json',
  };
  const start = (name: string, ...args: string[]): Command => new Command(folder, name, args, env);
  const server = start('slack-webhook-server');
  const consumer = start('slack-mcp-consumer', '--handlers', 'worker.mjs');
  try {
    const [, address] = await server.says(/"address":"([^"]+)".*"server_listening"/);
    const status = await post(`${address}/slack/events`, 'hello from a tarball');
    if (status !== 200) throw server.failure(`answered ${status} to an event`);
    await consumer.says(/^handled hello from a tarball$/m);
    for (const command of [server, consumer]) await command.end();
  } finally {
    for (const command of [server, consumer]) command.kill();
    await redis.dispose();
  }
}

/** A running command of an installed package. */
class Command {
  readonly #name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<unknown[]>;
  #output = '';

  constructor(folder: string, name: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#name = name;
    const bin = join(folder, 'node_modules/.bin', name);
    this.#child = spawn(bin, args, { cwd: folder, env: { ...process.env, ...env }, stdio: 'pipe' });
    this.#exited = once(this.#child, 'close');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk;
      });
    }
  }

  /** Resolves to the match when the command prints matching output. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const ended = (): boolean => this.#child.exitCode !== null || this.#child.signalCode !== null;
    await waitFor('matching output or the end', () => pattern.test(this.#output) || ended()).catch(() => undefined);
    const match = pattern.exec(this.#output);
    if (match === null) throw this.failure(`did not print ${pattern}`);
    return match;
  }

  /** Stops it as a supervisor does. */
  async end(): Promise<void> {
    this.#child.kill('SIGTERM');
    const [code] = await this.#exited;
    if (code !== 0) throw this.failure(`exited with ${code} on SIGTERM`);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** An error with the problem and the command's output. */
  failure(what: string): Error {
    return new Error(`the installed ${this.#name} ${what}\n${this.#output}`);
  }
}

async function post(url: string, text: string): Promise<number> {
  const event = { type: 'app_mention', user: 'U1', channel: 'C1', ts: '1700000000.000100', text };
  const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', team_id: 'T1', api_app_id: 'A1', event });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
  return (await fetch(url, { method: 'POST', body, headers })).status;
}
