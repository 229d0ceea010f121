import type { KeySettings, Logger, QueueKey } from '@slack-mcp/core';
import type { ProxySettings, SigningSecrets, TokenSource, WorkerModule, WorkspaceTokens } from '@slack-mcp/slack';
import type { Delivery } from '../ingress/delivery.ts';
import type { Responders } from '../ingress/responders.ts';
import type { BackendSource } from './open-backend.ts';
import type { DedupeSource } from './open-dedupe-store.ts';

/** Where a server listens and what it tells. */
export interface ListenOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 3000; 0: any free one. */
  readonly port?: number;
  /** pino's loggers satisfy it. Default: none. */
  readonly logger?: Logger;
  /** Connections of clients at once. Default: four fifths of the files that the process may have open. */
  readonly maxConnections?: number;
  /** Shows memory, CPU and event loop of the process among the metrics. Default false. */
  readonly processMetrics?: boolean;
}

/** How Slack is called. */
export interface SlackOptions {
  /** Bot or user token, or `{ bot, user }`; a function where tokens rotate. Absent: calls reject and name the variable. */
  readonly token?: TokenSource | WorkspaceTokens | undefined;
  /**
   * In place of `token`: the tokens of several workspaces by names for them, like `{ acme, beta }`. Tools then take a
   * name as `team`; a worker's handlers act in the workspace of their event.
   */
  readonly workspaces?: Readonly<Record<string, TokenSource | WorkspaceTokens>> | undefined;
  /** Base of the Web API. Default `https://slack.com/api/`. */
  readonly apiUrl?: string;
  /** Further attempts of a failed call. Default 3. */
  readonly retry?: number;
  /**
   * Asks Slack at the start whose the tokens are, in the background. The log and `GET /health` then name the workspace,
   * the user and missing scopes. The commands do this. Default false.
   */
  readonly checkTokens?: boolean;
  /** Proxies for every connection to Slack. Default: none. */
  readonly proxy?: ProxySettings | undefined;
}

/** How events reach the queue. */
export interface EventOptions {
  /** The app's signing secret; several while one replaces the other, or by app. Not needed with `socketMode`. */
  readonly signingSecret?: SigningSecrets;
  /** Receives over a WebSocket that is opened from here in place of request URLs. Needs `@slack/socket-mode`. */
  readonly socketMode?: SocketModeSettings;
  /** An instance stays its owner's to close. Default: `loadBackend()`. */
  readonly backend?: BackendSource;
  /** Handlers to run in this process. */
  readonly worker?: WorkerModule;
  /** Where events are published. Default: what the environment says (`SLACK_EVENTS_TOPIC`, …). */
  readonly keys?: KeySettings;
  /** Chooses the key of each delivery in place of `keys`; what it throws is logged, and `keys` decides. */
  readonly keyOf?: (delivery: Delivery) => QueueKey;
  /**
   * Keeps what Slack sends twice from being published twice. An instance stays its owner's to close. Default:
   * `loadDedupeStore()`, that is what `SLACK_EVENTS_DEDUPE` names; where it names none, nothing in front of a backend
   * that does it itself (`idempotentPublish`), else the memory of this process.
   */
  readonly dedupe?: DedupeSource;
  /** Drops the `message` that comes with an `app_mention`, once the queue has that. Default false. */
  readonly collapseMentions?: boolean;
  /** Answers to what needs one in the response itself. */
  readonly responders?: Responders;
  /** Milliseconds that a responder has. Default 2000. */
  readonly respondTimeoutMs?: number;
  /** Milliseconds that the broker has to confirm an event. Default 2500; commands and interactions have at most 2000. */
  readonly publishTimeoutMs?: number;
  /** Requests from Slack at work beyond which 503 is answered at once. Default 1000. */
  readonly maxInFlight?: number;
  /** Bytes of their bodies beyond which 503 is answered at once. Default 268435456 (256 MiB). */
  readonly maxInFlightBytes?: number;
}

/** How to open Socket Mode. */
export interface SocketModeSettings {
  /** The app-level token, `xapp-…`, with the scope `connections:write`. */
  readonly appToken: string;
}
