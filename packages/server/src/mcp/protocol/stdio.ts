import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import type { McpHost } from '../mcp-host.ts';

/** Options of `serveStdio`. */
export interface StdioOptions {
  /** Default: the one of the process. */
  stdin?: Readable;
  /** Default: the one of the process. Nothing else may write to it. */
  stdout?: Writable;
  /** Longest time in milliseconds to finish what was asked before stdin ended. Default 10000. */
  drainTimeoutMs?: number;
}

/**
 * Serves one client over stdin and stdout. Resolves when stdin has ended and what was asked is answered, or when stdout
 * broke, and the session is closed.
 */
export async function serveStdio(host: McpHost, options: StdioOptions = {}): Promise<void> {
  const { stdin = process.stdin, stdout = process.stdout, drainTimeoutMs = 10_000 } = options;
  const server = await host.createServer();
  const transport = new StdioServerTransport(stdin, stdout);
  const unanswered = new Set<RequestId>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();

  let inputEnded = false;
  let drain: NodeJS.Timeout | undefined;
  const endWhenAnswered = () => {
    if (inputEnded && unanswered.size === 0) end();
  };
  const endInput = () => {
    if (inputEnded) return;
    inputEnded = true;
    drain = setTimeout(end, drainTimeoutMs);
    endWhenAnswered();
  };
  stdin.once('end', endInput).once('close', endInput).once('error', endInput);
  // The reader went away (EPIPE). The listener stays: what is still written must not end the process.
  stdout.on('error', () => end()).once('close', end);

  await server.connect(transport);
  const receive = transport.onmessage;
  transport.onmessage = (message: JSONRPCMessage) => {
    if (isJSONRPCRequest(message)) unanswered.add(message.id);
    // Nobody answers what was cancelled.
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      unanswered.delete((message.params as { requestId: RequestId }).requestId);
    }
    receive?.(message);
  };
  const send = transport.send.bind(transport);
  transport.send = async (message) => {
    await send(message);
    if ((isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) && message.id !== undefined) {
      unanswered.delete(message.id);
      endWhenAnswered();
    }
  };
  transport.onclose = chain(transport.onclose, end);

  await ended;
  clearTimeout(drain);
  await server.close();
  await flushed(stdout);
}

function chain(first: (() => void) | undefined, second: () => void): () => void {
  return () => {
    first?.();
    second();
  };
}

/** Resolves once everything written has left the process, or cannot any more. */
function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.once('error', resolve).write('', () => resolve());
  });
}
