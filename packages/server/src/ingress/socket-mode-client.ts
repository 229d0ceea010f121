import { ConfigurationError } from '@slack-mcp/core';
import type { SlackEgress } from '@slack-mcp/slack';
import { memberText } from './member-text.ts';

/** One connection to Slack, with only the methods of `SocketModeClient` that the server uses. */
export interface SocketModeConnection {
  /** Resolves when Slack has sent `hello`. Rejects if Slack does not send `hello`. */
  start(): Promise<void>;
  /** Acknowledges an envelope. Rejects if the connection is lost. */
  acknowledge(envelopeId: string, payload?: object): Promise<void>;
  disconnect(): Promise<void>;
}

/** An envelope that Slack sends over a connection. */
export interface Envelope {
  readonly envelope_id: string;
  /** The type of the envelope, such as `events_api`, `interactive` or `slash_commands`. */
  readonly type: string;
  /** The payload, exactly as the JSON text that Slack sent. */
  readonly payload?: string | undefined;
  readonly accepts_response_payload?: unknown;
  readonly retry_attempt?: unknown;
  readonly retry_reason?: unknown;
}

/** The callbacks of a connection. */
export interface SocketModeListener {
  envelope(envelope: Envelope): void;
  /** Called when Slack has provided an address to connect to. */
  addressed(): void;
  /** Called when Slack has sent `hello`; from then on, envelopes may arrive. */
  greeted(): void;
  /**
   * Called when the connection has ended or Slack is about to end it; may be called more than once.
   *
   * @param reason - Slack's reason, such as `refresh_requested` or `too_many_websockets`; `ended` if Slack gave no
   *   reason
   */
  ended(reason: string): void;
}

/** Creates a connection, which is opened by calling its method `start`. */
export type CreateSocketModeClient = (listener: SocketModeListener) => SocketModeConnection;

/** The token and the network connections for Socket Mode. */
export interface SocketModeClientOptions {
  readonly appToken: string;
  /** The proxy settings and the API address for API calls and the WebSocket. */
  readonly egress: SlackEgress;
}

/**
 * Loads `@slack/socket-mode`, an optional package.
 *
 * @throws ConfigurationError - the package is not installed
 */
export async function loadSocketModeClient(options: SocketModeClientOptions): Promise<CreateSocketModeClient> {
  const { SocketModeClient } = await importSocketMode();
  const { appToken, egress } = options;
  const dispatcher = await egress.proxyDispatcher();
  return (listener) => {
    const client = new SocketModeClient({
      appToken,
      // The caller reconnects: it decides how long to wait and what to log.
      autoReconnectEnabled: false,
      clientOptions: {
        slackApiUrl: egress.apiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: 10_000,
      },
      // Without a proxy, the client keeps its own dispatcher, which can close a half-open connection.
      ...(dispatcher === undefined ? {} : { dispatcher }),
      logger: SILENT,
    });
    // The client emits events named after the content of an envelope, and fails on one without an inner event. So
    // envelopes are read before the client sees them; the client handles only the handshake.
    const [handshake] = client.listeners('ws_message');
    client.removeAllListeners('ws_message');
    client.on('ws_message', (data: string | ArrayBuffer, isBinary: boolean) => {
      const envelope = isBinary ? undefined : parse(data as string);
      if (isEnvelope(envelope)) listener.envelope({ ...envelope, payload: memberText(data as string, 'payload') });
      else if (envelope?.['type'] === 'disconnect') listener.ended(reasonOf(envelope['reason']));
      else handshake?.call(client, data, isBinary);
    });
    client.on('authenticated', () => listener.addressed());
    client.on('connected', () => listener.greeted());
    client.on('disconnected', () => listener.ended('ended'));
    return {
      start: async () => {
        await client.start();
      },
      acknowledge: (envelopeId, payload) => sendOf(client)(envelopeId, payload),
      disconnect: () => client.disconnect(),
    };
  };
}

async function importSocketMode(): Promise<typeof import('@slack/socket-mode')> {
  try {
    return await import('@slack/socket-mode');
  } catch (error) {
    // The second code is what its own `require` of undici throws.
    const codes: unknown[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];
    if (!codes.includes((error as NodeJS.ErrnoException).code)) throw error;
    throw new ConfigurationError('Socket Mode needs two more packages: run npm install @slack/socket-mode undici', {
      cause: error,
    });
  }
}

/**
 * Returns the client's method `send`, which acknowledges an envelope. The package does not export the type of this
 * method.
 */
function sendOf(client: object): (envelopeId: string, payload?: object) => Promise<void> {
  const { send } = client as { send(envelopeId: string, payload?: object): Promise<void> };
  return send.bind(client);
}

/** Returns Slack's reason for a `disconnect` in a form that is safe for logs. */
function reasonOf(reason: unknown): string {
  return typeof reason === 'string' && /^\w{1,64}$/.test(reason) ? reason : 'ended';
}

function isEnvelope(
  message: Record<string, unknown> | undefined,
): message is Record<string, unknown> & Omit<Envelope, 'payload'> {
  return typeof message?.['envelope_id'] === 'string' && typeof message['type'] === 'string';
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return (JSON.parse(text) ?? undefined) as Record<string, unknown> | undefined;
  } catch {
    return undefined;
  }
}

/**
 * A logger that drops all lines, because Slack's client logs whole envelopes. The caller logs the relevant events
 * itself.
 */
const SILENT = {
  debug: (): void => {},
  info: (): void => {},
  warn: (): void => {},
  error: (): void => {},
  setLevel: (): void => {},
  setName: (): void => {},
  getLevel: (): never => 'error' as never,
} as const;
