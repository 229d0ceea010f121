import type { KeySettings, Logger, QueueKey } from '@slack-mcp/core';
import type { ProxySettings, SigningSecrets, TokenSource, WorkerModule, WorkspaceTokens } from '@slack-mcp/slack';
import type { Delivery } from '../ingress/delivery.ts';
import type { Responders } from '../ingress/responders.ts';
import type { BackendSource } from './open-backend.ts';
import type { DedupeSource } from './open-dedupe-store.ts';

/** Where a server listens and what it reports. */
export interface ListenOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 3000. 0: any free port. */
  readonly port?: number;
  /** The logger. Loggers of pino are compatible. Default: no logs. */
  readonly logger?: Logger;
  /** Maximum number of client connections. Default: four fifths of the number of files that the process may open. */
  readonly maxConnections?: number;
  /** Adds memory, CPU and event loop of the process to the metrics. Default false. */
  readonly processMetrics?: boolean;
}

/** How Slack is called. */
export interface SlackOptions {
  /**
   * Bot or user token, or `{ bot, user }`; a function for rotating tokens. Without it, calls reject with an error that
   * names the variable to set.
   */
  readonly token?: TokenSource | WorkspaceTokens | undefined;
  /**
   * Instead of `token`: the tokens of several workspaces by name, like `{ acme, beta }`. Tools then accept a name as
   * `team`; a worker's handlers act in the workspace of their event.
   */
  readonly workspaces?: Readonly<Record<string, TokenSource | WorkspaceTokens>> | undefined;
  /** Base URL of the Web API. Default `https://slack.com/api/`. */
  readonly apiUrl?: string;
  /** Maximum retries of a failed call. Default 3. */
  readonly retry?: number;
  /**
   * Whether to check the tokens with Slack at the start, in the background. The log and `GET /health` then name the
   * workspace, the user and missing scopes. The commands set this option. Default false.
   */
  readonly checkTokens?: boolean;
  /** Proxies for every connection to Slack. Default: none. */
  readonly proxy?: ProxySettings | undefined;
}

/** How events reach the queue. */
export interface EventOptions {
  /** The app's signing secret, several secrets during a rotation, or secrets by app. Not needed with `socketMode`. */
  readonly signingSecret?: SigningSecrets;
  /** Receives over a WebSocket, which the server opens, instead of request URLs. Requires `@slack/socket-mode`. */
  readonly socketMode?: SocketModeSettings;
  /** The owner of an instance closes it. Default: `loadBackend()`. */
  readonly backend?: BackendSource;
  /** Handlers to run in this process. */
  readonly worker?: WorkerModule;
  /** Where events are published. Default: the environment (`SLACK_EVENTS_TOPIC`, …). */
  readonly keys?: KeySettings;
  /** Chooses the key of each delivery instead of `keys`. If it throws, the error is logged and `keys` decides. */
  readonly keyOf?: (delivery: Delivery) => QueueKey;
  /**
   * Prevents publishing a delivery twice if Slack sends it twice. The owner of an instance closes it. Default:
   * `loadDedupeStore()`, which opens the store in `SLACK_EVENTS_DEDUPE`. If the variable is not set, a backend that
   * deduplicates itself (`idempotentPublish`) needs no store; others use the memory of this process.
   */
  readonly dedupe?: DedupeSource;
  /**
   * Drops the `message` that Slack sends along with an `app_mention`, once the mention is in the queue. Default false.
   */
  readonly collapseMentions?: boolean;
  /** Answers for deliveries that need one in the response itself. */
  readonly responders?: Responders;
  /** Maximum time in milliseconds for a responder. Default 2000. */
  readonly respondTimeoutMs?: number;
  /** Milliseconds for the broker to confirm an event. Default 2500; at most 2000 for commands and interactions. */
  readonly publishTimeoutMs?: number;
  /** Maximum number of requests from Slack in flight. Beyond it, the server answers 503 at once. Default 1000. */
  readonly maxInFlight?: number;
  /**
   * Maximum number of bytes of the bodies of these requests. Beyond it, the server answers 503 at once. Default
   * 268435456 (256 MiB).
   */
  readonly maxInFlightBytes?: number;
}

/** How to open Socket Mode. */
export interface SocketModeSettings {
  /** The app-level token, `xapp-…`, with the scope `connections:write`. */
  readonly appToken: string;
}
