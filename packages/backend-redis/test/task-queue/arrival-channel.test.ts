import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { waitFor } from '@slack-mcp/brokers';
import { onTestFinished, test } from 'vitest';
import { resolveOptions } from '../../src/options.ts';
import { RedisArrivalChannel } from '../../src/task-queue/arrival-channel.ts';

test.each(['sentinels', 'cluster'])('tries again with each probe to reach %s after a failure', async (kind) => {
  let attempts = 0;
  const server = createServer((socket) => {
    attempts += 1;
    socket.on('error', () => {});
    socket.destroy();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = resolveOptions({ [kind]: [{ host: '127.0.0.1', port }] });
  const channel = new RedisArrivalChannel(options, { onArrival: () => {}, onSubscribed: () => {} });
  onTestFinished(() => channel.close());
  channel.subscribe('queue');
  for (let round = 0; round < 3; round += 1) {
    const before = attempts;
    await waitFor('another attempt', () => {
      channel.probe();
      return attempts > before + 5;
    });
  }
});
