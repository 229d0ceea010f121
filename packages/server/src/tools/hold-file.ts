import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { ConfigurationError } from '@slack-mcp/core';

/**
 * Locks a file for this process with a socket next to it. The operating system closes the socket when the process ends.
 * A lock that a dead process left behind is replaced.
 *
 * @returns a function that releases the lock
 * @throws ConfigurationError - another process holds the lock
 */
export async function holdFile(path: string): Promise<() => Promise<void>> {
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\${path.replaceAll('\\', '/')}` : `${path}.lock`;
  for (let attempt = 0; ; attempt += 1) {
    const server = createServer((socket) => socket.destroy()).unref();
    try {
      await listen(server, address);
      return () => new Promise((resolve) => server.close(() => resolve()));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (attempt > 2 || (await isHeld(address)) || !(await takeAway(address))) {
        throw new ConfigurationError(`${path} is in use by another process: give each process its own file`);
      }
    }
  }
}

async function listen(server: Server, address: string): Promise<void> {
  server.listen(address);
  await once(server, 'listening');
}

/** Whether a process listens on the address of a lock. */
async function isHeld(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Removes a stale lock, unless another process has just replaced it with its own lock. */
async function takeAway(address: string): Promise<boolean> {
  const aside = `${address}.${process.pid}`;
  try {
    await rename(address, aside);
  } catch {
    return true;
  }
  if (await isHeld(aside)) {
    await rename(aside, address);
    return false;
  }
  await rm(aside, { force: true });
  return true;
}
