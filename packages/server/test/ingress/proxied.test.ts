import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createSimulator } from '@slack-mcp/simulator';
import { createSlackEgress, postResponse } from '@slack-mcp/slack';
import { expect, onTestFinished, test } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { memoryBackend, take } from '../support/ingress-server.ts';
import { SECRET } from '../support/signed.ts';

/** An HTTP proxy that forwards requests, tunnels and WebSockets, and records what is requested. */
async function startProxy(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${new URL(incoming.url ?? '').pathname}`);
    const { method, headers } = incoming;
    const passedOn = request(incoming.url ?? '', { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passedOn);
  });
  const sockets = new Set<Socket>();
  const pipe = (socket: Socket, target: Socket): void => {
    for (const end of [socket, target]) {
      sockets.add(end);
      end.on('error', () => {});
    }
    socket.pipe(target).pipe(socket);
  };
  server.on('connect', (incoming, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    const { hostname, port } = new URL(`http://${incoming.url}`);
    const target = connect(Number(port), hostname, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    pipe(socket, target);
  });
  server.on('upgrade', (incoming, socket: Socket) => {
    const { host, hostname, port, pathname, search } = new URL(incoming.url ?? '');
    asked.push(`UPGRADE ${host}`);
    const headers = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    const target = connect(Number(port), hostname, () => {
      target.write(`GET ${pathname}${search} HTTP/1.1\r\n${headers.join('')}\r\n`);
    });
    pipe(socket, target);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('sends the call and the WebSocket of Socket Mode through the proxy', async () => {
  const proxy = await startProxy();
  const simulator = await createSimulator({ signingSecret: SECRET, socketMode: true });
  onTestFinished(() => simulator.close());
  const backend = memoryBackend();
  const server = createWebhookServer({
    socketMode: { appToken: 'xapp-simulator' },
    apiUrl: simulator.url,
    proxy: { httpProxy: proxy.url, httpsProxy: proxy.url },
    port: 0,
    backend,
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  const { id } = await simulator.deliver({ type: 'app_mention' });
  expect((await simulator.settled(id)).state).toBe('delivered');
  expect(await take(backend, 1)).toHaveLength(1);
  expect(proxy.asked).toEqual(['POST /api/apps.connections.open', `UPGRADE ${new URL(simulator.url).host}`]);
});

test('sends a message to a response_url through the proxy', async () => {
  const proxy = await startProxy();
  const received: string[] = [];
  const server = createServer((incoming, outgoing) => {
    incoming.on('data', (chunk: Buffer) => received.push(chunk.toString()));
    incoming.on('end', () => outgoing.end('ok'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const egress = createSlackEgress({ apiUrl: url, proxy: { httpProxy: proxy.url } });
  await postResponse(egress, `${url}commands/1`, { text: 'hi' });
  expect(received).toEqual(['{"text":"hi"}']);
  expect(proxy.asked).toEqual(['POST /commands/1']);
});
