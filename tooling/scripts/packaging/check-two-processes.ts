import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrokerName, startBroker } from '../../brokers/src/index.ts';
import { type Child, startCommand } from '../../test-support/src/start-command.ts';

const SECRET = 'packaging-check-secret';

/** A worker that prints the events that it handles. */
const WORKER = `
import { createConsumer } from '@slack-mcp/consumer';

export default async function startWorker(context) {
  const bot = createConsumer({ group: 'packaging', ...context });
  bot.on('app_mention', ({ text }) => void process.stdout.write(\`\${JSON.stringify({ handled: text })}\\n\`));
  await bot.start();
  return bot;
}
`;

/**
 * Runs the packages installed in `folder` as users do: the webhook server and a consumer, two processes with a broker
 * between them. An event that the server receives must reach the consumer, and both must shut down cleanly.
 */
export async function checkTwoProcesses(folder: string, backend: BrokerName): Promise<void> {
  await writeFile(join(folder, 'worker.mjs'), WORKER);
  await using broker = await startBroker(backend);
  const env = {
    ...broker.env,
    QUEUE_BACKEND: backend,
    QUEUE_GROUPS: 'packaging',
    SLACK_SIGNING_SECRET: SECRET,
    PORT: '0',
    LOG_FORMAT: 'json',
  };
  const commands: Child[] = [];
  const start = (name: string, ...args: string[]): Child => {
    const bin = join(folder, 'node_modules/.bin', name);
    const command = startCommand(bin, args, { title: `the installed ${name}`, env, cwd: folder });
    commands.push(command);
    return command;
  };
  try {
    const server = start('slack-webhook-server');
    const consumer = start('slack-mcp-consumer', '--handlers', 'worker.mjs');
    const { address } = await server.line((entry) => entry['message'] === 'server_listening');
    const status = await post(`${address}/slack/events`, 'hello from a tarball');
    if (status !== 200) throw new Error(`the installed slack-webhook-server answered ${status} to an event`);
    await consumer.line((entry) => entry['handled'] === 'hello from a tarball');
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
