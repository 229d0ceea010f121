import type { Readable, Writable } from 'node:stream';
import type { Server as ModernServer, Transport as ModernTransport } from '@modelcontextprotocol/server';
import { type Logger, silentLogger } from '@slack-mcp/core';
import { type Changes, notificationOf } from './changes.ts';
import type { McpServers } from './mcp-servers.ts';
import { claimsRevision } from './revision.ts';
import { StdioTransport } from './stdio-transport.ts';

/** Options of `serveStdio`. */
export interface StdioOptions {
  /** The stream to read from; default: stdin of the process. */
  stdin?: Readable;
  /** The stream to write to; default: stdout of the process. No other code may write to the stream `stdout`. */
  stdout?: Writable;
  /** Maximum time in milliseconds to answer open requests after stdin ends. Default: 10000. */
  drainTimeoutMs?: number;
  /** A signal that, when aborted, ends the session as if stdin had ended. */
  signal?: AbortSignal;
  /** Receives warnings about invalid messages; by default, the warnings are dropped. */
  logger?: Pick<Logger, 'warn'>;
}

/**
 * Serves one client over stdin and stdout, in the revision of its first message. Resolves when the session is closed,
 * either after stdin has ended and all requests are answered, or after stdout has broken.
 */
export async function serveStdio(servers: McpServers, options: StdioOptions = {}): Promise<void> {
  const { stdin = process.stdin, stdout = process.stdout, drainTimeoutMs = 10_000, signal } = options;
  const logger = options.logger ?? silentLogger;
  const transport = new StdioTransport({ stdin, stdout, drainTimeoutMs, signal, logger });
  const opening = await transport.opening;
  if (opening === undefined) return transport.close();
  const serve = claimsRevision(opening) ? serveModern : serveLegacy;
  const server = await serve(servers, transport);
  await transport.ended;
  await server.close();
}

/**
 * Serves a client of revision 2026-07-28, or a client that first tries this revision and then falls back to an older
 * revision.
 */
async function serveModern(servers: McpServers, transport: StdioTransport): Promise<Closable> {
  const sdk = await import('@modelcontextprotocol/server/stdio');
  return sdk.serveStdio(
    async ({ era }) => {
      // The SDK only connects and closes a legacy server, and both SDK versions do that in the same way.
      if (era === 'legacy') return servers.createServer() as Promise<never>;
      const server = await servers.createModernServer();
      tellChanges(server, servers.changes);
      return server;
    },
    { transport: transport as unknown as ModernTransport },
  );
}

async function serveLegacy(servers: McpServers, transport: StdioTransport): Promise<Closable> {
  const server = await servers.createServer();
  await server.connect(transport);
  return server;
}

/** Passes all changes to the SDK, which sends only the changes that the client has subscribed to. */
function tellChanges(server: ModernServer, changes: Changes): void {
  const stop = changes.subscribe((change) => {
    // A client that disconnected misses the notification.
    server.notification(notificationOf(change)).catch(() => {});
  });
  const { onclose } = server;
  server.onclose = () => {
    stop();
    onclose?.();
  };
}

interface Closable {
  close(): Promise<void>;
}
