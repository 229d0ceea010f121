import type { Readable, Writable } from 'node:stream';
import type { Server as ModernServer, Transport as ModernTransport } from '@modelcontextprotocol/server';
import { type Logger, silentLogger } from '@slack-mcp/core';
import { type Changes, notificationOf } from './changes.ts';
import type { McpServers } from './mcp-servers.ts';
import { claimsRevision } from './revision.ts';
import { StdioTransport } from './stdio-transport.ts';

/** Options of `serveStdio`. */
export interface StdioOptions {
  /** Default: the one of the process. */
  stdin?: Readable;
  /** Default: the one of the process. Nothing else may write to it. */
  stdout?: Writable;
  /** Longest time in milliseconds to finish what was asked before stdin ended. Default 10000. */
  drainTimeoutMs?: number;
  /** Ends the session as the end of stdin does. */
  signal?: AbortSignal;
  /** Told of what is no message. Default: nobody. */
  logger?: Pick<Logger, 'warn'>;
}

/**
 * Serves one client over stdin and stdout, in the revision that its first message is of. Resolves when stdin has ended
 * and what was asked is answered, or when stdout broke, and the session is closed.
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

/** Serves a client of revision 2026-07-28, or one that asks for it before it falls back to an older one. */
async function serveModern(servers: McpServers, transport: StdioTransport): Promise<Closable> {
  const sdk = await import('@modelcontextprotocol/server/stdio');
  return sdk.serveStdio(
    async ({ era }) => {
      // All that is asked of the server of an older revision is to connect and to close, which it does like its own.
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

/** Sends what changes, of which the SDK passes on what the client listens to. */
function tellChanges(server: ModernServer, changes: Changes): void {
  const stop = changes.subscribe((change) => {
    // A client that went away hears nothing.
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
