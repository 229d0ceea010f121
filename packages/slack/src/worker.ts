import type { Logger, QueueBackend, Worker } from '@slack-mcp/core';
import type { SlackClient } from './slack-client.ts';

/** The context of a worker. */
export interface WorkerContext {
  readonly backend: QueueBackend;
  /**
   * Slack's Web API in the first workspace; `forTeam` returns the client for an event's workspace. Without a token,
   * calls reject and name the variable to set.
   */
  readonly slack: SlackClient;
  readonly logger: Logger;
  /** The group from the command line, if there is one. It overrides the worker's own group. */
  readonly group?: string;
}

/**
 * The default export of a worker file. Both `slack-integrated-server --worker FILE` and `slack-mcp-consumer --handlers
 * FILE` accept it.
 */
export type WorkerModule = (context: WorkerContext) => Worker | Promise<Worker>;
