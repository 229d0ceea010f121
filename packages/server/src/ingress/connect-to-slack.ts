import type { CreateSocketModeClient, Envelope, SocketModeConnection } from './socket-mode-client.ts';
import { ConnectingError } from './socket-mode-failure.ts';

/** A Socket Mode connection on which Slack has sent `hello`. */
export interface GreetedConnection {
  readonly connection: SocketModeConnection;
  /** Resolves with Slack's reason when the connection has ended or Slack is about to end it. */
  readonly ended: Promise<string>;
}

/** Options of {@link connectToSlack}. */
export interface ConnectOptions {
  readonly createClient: CreateSocketModeClient;
  /** Maximum time in milliseconds for each step: getting the WebSocket address, then receiving `hello`. */
  readonly stepTimeoutMs: number;
  readonly signal: AbortSignal;
  onEnvelope(envelope: Envelope, from: SocketModeConnection): void;
  /** Called with a connection that must be closed because Slack did not send `hello` on it. */
  giveUp(connection: SocketModeConnection): void;
}

/**
 * Opens one connection and waits for Slack's `hello`. The two steps, getting the address and receiving `hello`, have
 * separate time limits.
 *
 * @throws ConnectingError - a step took too long, or Slack ended the connection before `hello`
 * @throws Error - Slack refused the connection or could not be reached
 */
export async function connectToSlack(options: ConnectOptions): Promise<GreetedConnection> {
  const { createClient, stepTimeoutMs, signal } = options;
  const ended = Promise.withResolvers<string>();
  const greeted = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<never>();
  let step = 'an address';
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      failed.reject(new ConnectingError('no_answer', `Slack did not send ${step} within ${stepTimeoutMs} ms`));
    }, stepTimeoutMs);
  };
  const abort = (): void => failed.reject(new ConnectingError('closing', 'the server is closing'));
  const connection = createClient({
    envelope: (envelope) => options.onEnvelope(envelope, connection),
    addressed: () => {
      step = 'a greeting';
      wait();
    },
    // Settled here and not by `start`, so that an end in the same turn is processed after it.
    greeted: greeted.resolve,
    ended: (reason) => {
      ended.resolve(reason);
      failed.reject(new ConnectingError(reason, `Slack ended the connection before it was ready: ${reason}`));
    },
  });
  signal.addEventListener('abort', abort, { once: true });
  wait();
  try {
    connection.start().then(greeted.resolve, failed.reject);
    failed.promise.catch(() => {});
    await Promise.race([greeted.promise, failed.promise]);
    return { connection, ended: ended.promise };
  } catch (error) {
    options.giveUp(connection);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
