import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connectionsTo, processorTime } from '../src/costs/process-use.ts';

const onLinux = test.skipIf(process.platform !== 'linux');

onLinux('counts the connections of a process to a port, and only open ones', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(connectionsTo(process.pid, port)).toBe(0);
  const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  expect(connectionsTo(process.pid, port)).toBe(2);
  for (const socket of sockets) socket.destroy();
  server.close();
});

onLinux('adds the processor time of a process and of its descendants', () => {
  const [parent, all] = [processorTime(process.ppid), processorTime(1)];
  expect(processorTime(process.pid)).toBeGreaterThan(0);
  expect(parent).toBeGreaterThanOrEqual(processorTime(process.pid) - 1_000_000);
  expect(all).toBeGreaterThanOrEqual(parent - 1_000_000);
  expect(processorTime(0x7fffffff)).toBe(0);
});
