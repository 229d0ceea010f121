import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Checks that this process can listen on the port, before other resources are opened.
 *
 * @throws the error of the operating system, such as `EADDRINUSE` or `EACCES`
 */
export async function assertPortFree(address: { readonly host: string; readonly port: number }): Promise<void> {
  const probe = createServer().listen(address);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
