import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { ConfigurationError } from '@slack-mcp/core';

/**
 * Keeps a file to this process for as long as it lives: a socket beside it, which the system closes with the process,
 * however that ends. What an ended one left behind is taken over.
 *
 * @returns what lets it go
 * @throws ConfigurationError - another process has it
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
        throw new ConfigurationError(`${path} is in use by another process: give each process a file of its own`);
      }
    }
  }
}

async function listen(server: Server, address: string): Promise<void> {
  server.listen(address);
  await once(server, 'listening');
}

/** Whether somebody listens there. */
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

/** Removes what was left behind, unless another process has just put its own in that place. */
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
