import type { KeySettings, Logger, QueueKey } from '@slack-mcp/core';
import type { OpsSettings } from '@slack-mcp/core/ops';
import type { ProxySettings, SigningSecrets, TokenSource, WorkerModule, WorkspaceTokens } from '@slack-mcp/slack';
import type { TrustProxy } from '../http/forwarded.ts';
import type { Delivery } from '../ingress/delivery.ts';
import type { Responders } from '../ingress/responders.ts';
import type { BackendSource } from './open-backend.ts';
import type { DedupeSource } from './open-dedupe-store.ts';

/** The address, logger and metrics of a server. */
export interface ListenOptions {
  /** The address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** The port to listen on; default 3000. The value 0 selects any free port. */
  readonly port?: number;
  /** The logger, for example a pino logger. Default: no logs. */
  readonly logger?: Logger;
  /** Maximum number of client connections; default: four fifths of the number of files that the process may open. */
  readonly maxConnections?: number;
  /**
   * The proxies whose `X-Forwarded-…` headers are used: all (`true`), a number of proxies in front of the server, or a
   * list of IP addresses and CIDR ranges. Default: none.
   */
  readonly trustProxy?: TrustProxy;
  /** Adds the process's memory, CPU and event loop to the metrics. Default false. */
  readonly processMetrics?: boolean;
  /**
   * Keys that may read `/metrics`, in addition to the keys of `ops`. Without any key, `/metrics` is open on a loopback
   * address, and closed on any other. Default: none.
   */
  readonly metricsKeys?: readonly string[];
}

/** The tokens and settings for calls to Slack. */
export interface SlackOptions {
  /**
   * Bot or user token, or both as `{ bot, user }`. To rotate tokens, pass a function that returns the token. Without a
   * token, calls reject with an error that names the variable to set.
   */
  readonly token?: TokenSource | WorkspaceTokens | undefined;
  /**
   * The tokens of several workspaces by name, such as `{ acme, beta }`, instead of `token`. With several workspaces,
   * tools accept a name as `team`, and a worker's handlers act in the workspace of their event.
   */
  readonly workspaces?: Readonly<Record<string, TokenSource | WorkspaceTokens>> | undefined;
  /** Base URL of the Web API. Default `https://slack.com/api/`. */
  readonly apiUrl?: string;
  /** Maximum number of retries of a failed Slack call. Default 3. */
  readonly retry?: number;
  /**
   * Whether to check the tokens with Slack at the start, in the background. After the check, the log and `GET /health`
   * name the workspace, the user and missing scopes. The command-line programs set `checkTokens`. Default false.
   */
  readonly checkTokens?: boolean;
  /** Proxies for every connection to Slack. Default: none. */
  readonly proxy?: ProxySettings | undefined;
}

/** How the server receives events and publishes them to the queue. */
export interface EventOptions {
  /**
   * The app's signing secret, several secrets during a rotation, or secrets by app. No signing secret is needed with
   * `socketMode`.
   */
  readonly signingSecret?: SigningSecrets;
  /**
   * Receives events over a WebSocket that the server opens, instead of over request URLs. Requires
   * `@slack/socket-mode`.
   */
  readonly socketMode?: SocketModeSettings;
  /** The queue backend. The server does not close a backend instance that you pass. Default: `loadBackend()`. */
  readonly backend?: BackendSource;
  /** Handlers to run in this process. */
  readonly worker?: WorkerModule;
  /**
   * The queue keys to which events are published. By default, the keys come from the environment (`SLACK_EVENTS_TOPIC`,
   * …).
   */
  readonly keys?: KeySettings;
  /**
   * Chooses the queue key of each delivery. If the function throws, the error is logged and `keys` determines the key.
   */
  readonly keyOf?: (delivery: Delivery) => QueueKey;
  /**
   * Prevents publishing a delivery twice if Slack sends it twice. The server does not close a store instance that you
   * pass. By default, `loadDedupeStore()` opens the store named in `SLACK_EVENTS_DEDUPE`. If `SLACK_EVENTS_DEDUPE` is
   * not set, a backend with idempotent publishing (`idempotentPublish`) uses no store, and other backends use the
   * memory of this process.
   */
  readonly dedupe?: DedupeSource;
  /**
   * Drops the `message` event that Slack sends along with an `app_mention`, but only after the `app_mention` is in the
   * queue. Default false.
   */
  readonly collapseMentions?: boolean;
  /** Functions that answer deliveries for which Slack expects an answer in the response itself. */
  readonly responders?: Responders;
  /** Maximum time in milliseconds for a responder. Default 2000. */
  readonly respondTimeoutMs?: number;
  /**
   * Maximum time in milliseconds for the broker to confirm an event; default 2500. For commands and interactions, the
   * limit is at most 2000.
   */
  readonly publishTimeoutMs?: number;
  /**
   * Maximum number of requests from Slack in flight. If more requests arrive, the server answers 503 at once. Default
   * 1000.
   */
  readonly maxInFlight?: number;
  /**
   * Maximum number of bytes in the bodies of requests from Slack in flight. If more bytes arrive, the server answers
   * 503 at once. Default 268435456 (256 MiB).
   */
  readonly maxInFlightBytes?: number;
  /** Keeps events on disk while the broker is unavailable. Default: off; Slack then sends the events again. */
  readonly spool?: SpoolSettings | undefined;
  /** Serves the operations API at `/ops`. Default: off. */
  readonly ops?: OpsSettings | undefined;
}

/** Where to keep events while the broker is unavailable. */
export interface SpoolSettings {
  /** A folder on a disk that outlives the process. Only one process at a time can use the folder. */
  readonly folder: string;
  /**
   * Maximum number of bytes of events. If an event does not fit, the server answers 503. Default 268435456 (256 MiB).
   */
  readonly maxBytes?: number;
}

/** The settings for Socket Mode. */
export interface SocketModeSettings {
  /** The app-level token, `xapp-…`, with the scope `connections:write`. */
  readonly appToken: string;
}
