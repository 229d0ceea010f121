import { createHmac, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Broker } from '../../brokers/src/index.ts';
import { type Child, startCommand } from '../../test-support/src/start-command.ts';
import type { Installation } from './installation.ts';

const SECRET = 'rehearsal-signing-secret';

/** A worker that prints the events that it handles. */
const WORKER = `
import { createConsumer } from '@slack-mcp/consumer';

export default async function startWorker(context) {
  const bot = createConsumer({ group: 'rehearsal', ...context });
  bot.on('app_mention', ({ text }) => void process.stdout.write(\`\${JSON.stringify({ handled: text })}\\n\`));
  await bot.start();
  return bot;
}
`;

/**
 * Runs the installed packages as users do: the webhook server and a consumer, two processes with a broker between them,
 * or one process with the queue in memory. An event that the server receives must reach the worker, and the commands
 * must stop cleanly.
 *
 * @param broker - `undefined` for the queue in memory
 */
export async function checkEvents(installation: Installation, broker: Broker | undefined): Promise<void> {
  const { folder } = installation;
  await writeFile(join(folder, 'worker.mjs'), WORKER);
  const env = {
    ...broker?.env,
    ...installation.env,
    QUEUE_BACKEND: broker?.name ?? 'memory',
    QUEUE_GROUPS: 'rehearsal',
    SLACK_SIGNING_SECRET: SECRET,
    // The server in one process also serves tools. Nothing listens at this address.
    ...(broker === undefined && { SLACK_BOT_TOKEN: 'xoxb-rehearsal', SLACK_API_URL: 'http://127.0.0.1:9/api/' }),
    PORT: '0',
    LOG_FORMAT: 'json',
  };
  const commands: Child[] = [];
  const start = async (name: string, ...args: string[]): Promise<Child> => {
    const [program, ...first] = await installation.bin(name);
    const command = startCommand(program, [...first, ...args], { title: `the installed ${name}`, env, cwd: folder });
    commands.push(command);
    return command;
  };
  try {
    const server =
      broker === undefined
        ? await start('slack-integrated-server', '--worker', 'worker.mjs')
        : await start('slack-webhook-server');
    const worker = broker === undefined ? server : await start('slack-mcp-consumer', '--handlers', 'worker.mjs');
    const { address } = await server.line((entry) => entry['message'] === 'server_listening');
    // Other installations may have used the same broker.
    const text = `hello ${randomUUID()}`;
    const status = await post(`${address}/slack/events`, text);
    if (status !== 200) throw new Error(`the installed server answered ${status} to an event`);
    await worker.line((entry) => entry['handled'] === text);
    for (const command of commands) {
      const code = await command.stop();
      if (code !== 0)
        throw new Error(`an installed command exited with ${code} on SIGTERM\n${command.output.join('\n')}`);
    }
  } finally {
    for (const command of commands) command.process.kill('SIGKILL');
  }
}

async function post(url: string, text: string): Promise<number> {
  const event = { type: 'app_mention', user: 'U1', channel: 'C1', ts: '1700000000.000100', text };
  const event_id = `Ev${randomUUID()}`;
  const body = JSON.stringify({ type: 'event_callback', event_id, team_id: 'T1', api_app_id: 'A1', event });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
  return (await fetch(url, { method: 'POST', body, headers })).status;
}
