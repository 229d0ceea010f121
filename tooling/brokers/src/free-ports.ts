import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Chooses distinct free ports on loopback, below the range that systems use for outgoing connections, so that no client
 * socket can take a broker's port while the broker is down.
 *
 * @param offset the port that is higher by this number must be free, too. Default 0: not checked.
 */
export async function freePorts(count: number, offset = 0): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(15_000, 32_000 - offset);
    const server = await listen(port);
    if (server === undefined) continue;
    held.push(server);
    const other = offset === 0 ? server : await listen(port + offset);
    if (other === undefined) continue;
    held.push(other);
    ports.push(port);
  }
  await Promise.all(held.map(close));
  return ports;
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

/** Returns `preferred` if it is free, or else any free port. */
export async function portNear(preferred: number): Promise<number> {
  const server = await listen(preferred);
  if (server === undefined) return freePort();
  await close(server);
  return preferred;
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}

function close(server: Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}
