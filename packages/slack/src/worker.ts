import type { Logger, QueueBackend, Worker } from '@slack-mcp/core';
import type { SlackClient } from './slack-client.ts';

/** What a worker receives. */
export interface WorkerContext {
  readonly backend: QueueBackend;
  /**
   * Slack's Web API, in the first workspace; `forTeam` gives that of an event. Without a token its calls reject and name
   * the variable to set.
   */
  readonly slack: SlackClient;
  readonly logger: Logger;
  /** The group given on the command line, if one was: it wins over the worker's own. */
  readonly group?: string;
}

/**
 * The default export of a worker file, accepted by `slack-integrated-server --worker FILE` and
 * `slack-mcp-consumer --handlers FILE` alike.
 */
export type WorkerModule = (context: WorkerContext) => Worker | Promise<Worker>;
