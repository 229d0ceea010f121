import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFaultProxy, type FaultProxy, waitFor } from '../src/index.ts';

describe('the fault proxy', () => {
  let server: Server;
  let proxy: FaultProxy;
  const received: string[] = [];
  /** The server's ends of connections. */
  const peers = new Set<Socket>();
  const clients: Socket[] = [];

  beforeAll(async () => {
    server = createServer((socket) => {
      peers.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => peers.delete(socket))
        .on('data', (chunk) => {
          received.push(String(chunk));
          socket.write(chunk);
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(async () => {
    received.length = 0;
    proxy = await createFaultProxy({ target: server.address() as AddressInfo });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
  });
  afterAll(() => server.close());

  /** Connects to the echo server through the proxy. Returns the connection, its echo, and how it ended. */
  async function client(): Promise<{ socket: Socket; echoed: () => string; ended: () => string | undefined }> {
    const socket = connect({ port: proxy.port, host: proxy.host });
    clients.push(socket);
    let echoed = '';
    let ended: string | undefined;
    socket.on('data', (chunk) => {
      echoed += chunk;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      ended = error.code;
    });
    socket.on('close', () => {
      ended ??= 'closed';
    });
    await once(socket, 'connect');
    return { socket, echoed: () => echoed, ended: () => ended };
  }

  /** Resolves when a message has passed through the proxy and back, on a new connection. */
  async function works(): Promise<void> {
    const { socket, echoed } = await client();
    socket.write('probe');
    await waitFor('the echo', () => echoed() === 'probe');
    socket.destroy();
  }

  test('passes bytes both ways and counts connections', async () => {
    const { socket, echoed, ended } = await client();
    const big = 'x'.repeat(5_000_000);
    socket.write(big);
    await waitFor('all bytes', () => echoed().length === big.length);
    expect(proxy.connections).toBe(1);
    socket.end();
    await waitFor('the end', ended);
    await waitFor('no connection', () => proxy.connections === 0);
    expect(ended()).toBe('closed');
  });

  test('drops bytes silently, and resets connections that lost bytes when it heals', async () => {
    const first = await client();
    const untouched = await client();
    await waitFor('both', () => proxy.connections === 2);
    proxy.drop();
    first.socket.write('lost');
    await waitFor('the loss', () => proxy.droppedBytes === 4);
    expect(first.ended()).toBeUndefined();
    await proxy.heal();
    await waitFor('the reset', () => first.ended() === 'ECONNRESET');
    expect(received).toEqual([]);
    untouched.socket.write('fine');
    await waitFor('the echo', () => untouched.echoed() === 'fine');
  });

  test('drops in one direction only', async () => {
    const { socket, echoed } = await client();
    proxy.drop('to-client');
    socket.write('heard');
    await waitFor('the server to receive it', () => received.join('') === 'heard');
    await waitFor('the loss', () => proxy.droppedBytes === 5);
    expect(echoed()).toBe('');
  });

  test('resets all connections and serves new ones', async () => {
    const both = [await client(), await client()];
    await waitFor('both', () => proxy.connections === 2);
    proxy.reset();
    await waitFor('both ends', () => both.every(({ ended }) => ended() === 'ECONNRESET'));
    await works();
  });

  test('keeps and accepts connections during a blackhole, and passes everything after it', async () => {
    const old = await client();
    proxy.blackhole();
    proxy.blackhole();
    const young = await client();
    old.socket.write('old');
    young.socket.write('young');
    await waitFor('both', () => proxy.connections === 2);
    await waitFor('bytes to be held', () => proxy.heldBytes > 0);
    expect(received).toEqual([]);
    expect([old.ended(), young.ended()]).toEqual([undefined, undefined]);
    await proxy.heal();
    await waitFor('the echo on the old connection', () => old.echoed() === 'old');
    await waitFor('the echo on the new connection', () => young.echoed() === 'young');
  });

  test('a stall delays only the current connections, and passes everything later in order', async () => {
    const old = await client();
    await waitFor('the connection', () => proxy.connections === 1);
    proxy.stall();
    for (const part of ['a', 'b', 'c']) old.socket.write(part);
    await waitFor('bytes to be held', () => proxy.heldBytes === 3);
    await works();
    expect(received.join('')).toBe('probe');
    await proxy.heal();
    await waitFor('the echo', () => old.echoed() === 'abc');
    expect(received.join('')).toBe('probeabc');
    old.socket.write('d');
    await waitFor('the echo after it', () => old.echoed() === 'abcd');
  });

  test('a stall to the broker delays only requests, which arrive even after their client has left', async () => {
    const { socket, echoed, ended } = await client();
    socket.write('first');
    await waitFor('the echo', () => echoed() === 'first');
    proxy.stall('to-broker');
    socket.write('late');
    await waitFor('bytes to be held', () => proxy.heldBytes === 4);
    for (const peer of peers) peer.write('+');
    await waitFor('the bytes of the other direction', () => echoed() === 'first+');
    socket.resetAndDestroy();
    await waitFor('the end', ended);
    await waitFor('the proxy to notice', () => proxy.connections === 0);
    await works();
    expect(received.join('')).toBe('firstprobe');
    proxy.release();
    await waitFor('the late bytes', () => received.join('') === 'firstprobelate');
    await works();
    expect(peers.size).toBeGreaterThan(0);
    await proxy.heal();
    await waitFor('the end to arrive after them', () => peers.size === 0);
  });

  test('a stall to the client delays only answers', async () => {
    const { socket, echoed } = await client();
    await waitFor('the connection', () => proxy.connections === 1);
    proxy.stall('to-client');
    socket.write('heard');
    await waitFor('the server to receive it', () => received.join('') === 'heard');
    await waitFor('the answer to be held', () => proxy.heldBytes === 5);
    expect(echoed()).toBe('');
    await proxy.heal();
    await waitFor('the echo', () => echoed() === 'heard');
  });

  test('limits the bytes that it accepts during a stall', async () => {
    const { socket, echoed } = await client();
    await waitFor('the connection', () => proxy.connections === 1);
    proxy.stall();
    const big = 'x'.repeat(20_000_000);
    socket.write(big);
    await waitFor('bytes to be held', () => proxy.heldBytes > 1 << 20);
    // Enough time for more bytes to arrive.
    for (let i = 0; i < 20; i += 1) await works();
    expect(proxy.heldBytes).toBeLessThan(4 << 20);
    await proxy.heal();
    await waitFor('all bytes', () => echoed().length === big.length);
  });

  test('delays every byte and keeps their order', async () => {
    const { socket, echoed } = await client();
    proxy.delay(150);
    const startedAt = performance.now();
    for (const part of ['a', 'b', 'c']) socket.write(part);
    await waitFor('the echo', () => echoed() === 'abc');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
  });

  test('ends a long delay when it heals', async () => {
    const { socket, echoed } = await client();
    proxy.delay(3_600_000);
    socket.write('waits');
    await waitFor('bytes to be held', () => proxy.heldBytes === 5);
    await proxy.heal();
    await waitFor('the echo', () => echoed() === 'waits');
  });

  test('throttles', async () => {
    const { socket, echoed } = await client();
    proxy.throttle(100_000);
    const startedAt = performance.now();
    socket.write('x'.repeat(50_000));
    await waitFor('all bytes', () => echoed().length === 50_000);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(450);
  });

  test('refuses new connections and keeps old ones', async () => {
    const { socket, echoed } = await client();
    await waitFor('the connection', () => proxy.connections === 1);
    proxy.refuse();
    await expect(client()).rejects.toThrow(/ECONNREFUSED/);
    socket.write('still here');
    await waitFor('the echo', () => echoed() === 'still here');
    await proxy.heal();
    await works();
  });

  test('resets a client while the broker is down, and connects again when it is back', async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    const orphan = await client();
    await waitFor('the reset', () => orphan.ended() === 'ECONNRESET');
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    await works();
  });

  test('has a port before it has a target', async () => {
    await using early = await createFaultProxy();
    early.target = server.address() as AddressInfo;
    const socket = connect(early.port, '127.0.0.1');
    clients.push(socket);
    socket.write('now');
    expect(String((await once(socket, 'data'))[0])).toBe('now');
  });
});
