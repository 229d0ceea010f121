import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Checks whether this process can listen on the port, before anything else is opened.
 *
 * @throws the system's error: `EADDRINUSE`, `EACCES`, …
 */
export async function assertPortFree(address: { readonly host: string; readonly port: number }): Promise<void> {
  const probe = createServer().listen(address);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
