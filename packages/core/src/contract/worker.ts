import type { QueueBackend } from './backend.ts';
import type { JsonObject } from './json.ts';
import type { Logger } from './logger.ts';

/** Slack's Web API as a worker sees it: every method by its name. */
export interface SlackClient {
  /**
   * Resolves Slack's answer when it is `ok`, and rejects with an error whose message holds Slack's error name otherwise.
   *
   * @param method - for example `chat.postMessage`
   */
  call(
    method: string,
    args?: Readonly<Record<string, unknown>>,
    options?: { signal?: AbortSignal },
  ): Promise<JsonObject>;
}

/** What a worker is given. */
export interface WorkerContext {
  readonly backend: QueueBackend;
  /** Without a token its calls reject and say which variable to set. */
  readonly slack: SlackClient;
  readonly logger: Logger;
  /** The group given on the command line, if one was: it wins over the worker's own. */
  readonly group?: string;
}

/** A running worker. */
export interface Worker {
  /** Resolves once closed; rejects when the worker cannot go on, so that its process ends and is restarted. */
  readonly closed?: Promise<void>;
  /** Finishes what is in hand, then resolves. `drainTimeoutMs`: milliseconds that it has; default: as it likes. */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}

/**
 * The default export of a worker file, taken alike by `slack-integrated-server --worker FILE` and
 * `slack-mcp-consumer --handlers FILE`.
 */
export type WorkerModule = (context: WorkerContext) => Worker | Promise<Worker>;
