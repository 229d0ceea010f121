import type { Logger, QueueBackend, Worker } from '@slack-mcp/core';
import type { SlackClient } from './slack-client.ts';

/** The context of a worker. */
export interface WorkerContext {
  readonly backend: QueueBackend;
  /**
   * The Slack client for the first workspace; `forTeam` returns the client for an event's workspace. Without a token,
   * calls reject with an error that names the variable to set.
   */
  readonly slack: SlackClient;
  readonly logger: Logger;
  /** The group from the command line, which overrides the worker's own group. */
  readonly group?: string;
}

/**
 * The default export of a worker file. Both `slack-integrated-server --worker FILE` and `slack-mcp-consumer --handlers
 * FILE` accept a worker file.
 */
export type WorkerModule = (context: WorkerContext) => Worker | Promise<Worker>;
