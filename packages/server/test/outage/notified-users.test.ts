import type { StartedBroker } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { BACKENDS, type BackendUnderTest } from '../support/backends.ts';
import { take } from '../support/ingress-server.ts';
import { FORM_TYPE, form, SECRET, signedHeaders } from '../support/signed.ts';

async function start({ open }: BackendUnderTest, broker: StartedBroker) {
  const backend = open(broker);
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  const server = createWebhookServer({ signingSecret: SECRET, port: 0, backend, publishTimeoutMs: 2_000 });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  const command = async (triggerId: string): Promise<string> => {
    const body = form({ command: '/deploy', trigger_id: triggerId });
    const headers = signedHeaders(body, { type: FORM_TYPE });
    return (await fetch(`${server.address}/slack/commands`, { method: 'POST', body, headers })).text();
  };
  return { backend, command };
}

for (const backend of BACKENDS) {
  if (backend.startBroker === undefined) continue;
  describeWithOwnBroker(`${backend.name}: the user of a command`, backend.startBroker, (broker) => {
    test('does not read that nothing was done if a paused broker stores it after all', async () => {
      const { backend: queue, command } = await start(backend, broker);
      expect(await command('1.1')).toBe('');
      const pid = broker.pid as number;
      process.kill(pid, 'SIGSTOP');
      try {
        const text = await command('2.2');
        expect(text).toMatch(/check before you try again/);
        expect(text).not.toMatch(/nothing was done/);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      const messages = await take(queue, 2);
      expect(messages.map(({ metadata }) => metadata.messageId)).toEqual(['1.1', '2.2']);
    });

    test('reads that nothing was done if no broker listened', async () => {
      const { backend: queue, command } = await start(backend, broker);
      expect(await command('3.3')).toBe('');
      await broker.kill();
      // The loss of the connection is noticed with the first publish.
      await expect.poll(() => command('4.4'), { timeout: 30_000 }).toMatch(/nothing was done. Please try again/);
      await broker.restart();
      await expect.poll(() => command('5.5'), { timeout: 30_000 }).toBe('');
      const ids = (await take(queue, 2)).map(({ metadata }) => metadata.messageId);
      expect(ids).toEqual(['3.3', '5.5']);
    });
  });
}
