import type { KeySettings, Logger, WorkerModule } from '@slack-mcp/core';
import type { BackendSource } from './open-backend.ts';

/** Where a server listens and what it tells. */
export interface ListenOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 3000; 0: any free one. */
  readonly port?: number;
  /** pino's loggers satisfy it. Default: none. */
  readonly logger?: Logger;
  /** Shows memory, CPU and event loop of the process among the metrics. Default false. */
  readonly processMetrics?: boolean;
}

/** How Slack is called. */
export interface SlackOptions {
  /** Bot or user token. Absent: calls reject and name the variable. */
  readonly token?: string | undefined;
  /** Base of the Web API. Default `https://slack.com/api/`. */
  readonly apiUrl?: string;
  /** Further attempts of a failed call. Default 3. */
  readonly retry?: number;
}

/** How events reach the queue. */
export interface EventOptions {
  /** The app's signing secret; several while one replaces the other. */
  readonly signingSecret: string | readonly string[];
  /** An instance stays its owner's to close. Default: `loadBackend()`. */
  readonly backend?: BackendSource;
  /** Handlers to run in this process. */
  readonly worker?: WorkerModule;
  /** Where events are published. Default: what the environment says (`SLACK_EVENTS_TOPIC`, …). */
  readonly keys?: KeySettings;
  /** Milliseconds that the broker has to confirm an event. Default 2500. */
  readonly publishTimeoutMs?: number;
  /** Requests from Slack at work beyond which 503 is answered at once. Default 1000. */
  readonly maxInFlight?: number;
}
