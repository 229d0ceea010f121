import type { CallReports } from '../../tools/call-reports.ts';
import { type ClientLog, type ClientLogLevel, isWanted } from './client-log.ts';

/** A notification about a request in progress. */
export type Notice =
  | {
      method: 'notifications/progress';
      params: { progressToken: string | number; progress: number; total?: number; message?: string };
    }
  | {
      method: 'notifications/message';
      params: { level: ClientLogLevel; logger: string; data: Readonly<Record<string, string | number>> };
    };

/** How the notifications of a request reach its client, and which of them the client wants. */
export interface NoticeChannel {
  /** Sends a notification. The returned promise may reject; callers ignore the error. */
  send(notice: Notice): Promise<void>;
  /** The client's progress token; absent if the client does not want progress notifications. */
  readonly progressToken: string | number | undefined;
  /** The lowest log level that the client wants; undefined if the client wants no logs. */
  readonly logLevel: ClientLogLevel | undefined;
}

/** Notifications that a call can send until its request is answered. */
export interface CallNotices extends CallReports {
  readonly log: ClientLog;
  /** Stops all notifications, because the request is answered. */
  end(): void;
}

const LOGGER = 'slack-mcp';

/** Drops all notifications. Used for calls whose client does not want notifications. */
const NO_NOTICES: CallNotices = { progress() {}, log() {}, end() {} };

/**
 * Opens the notifications of a call. A progress value that does not increase is not sent, and no notification is sent
 * after the call ends.
 */
export function openNotices({ send, progressToken, logLevel }: NoticeChannel): CallNotices {
  if (progressToken === undefined && logLevel === undefined) return NO_NOTICES;
  let over = false;
  let furthest = Number.NEGATIVE_INFINITY;
  const tell = (notice: Notice): void => {
    // A client that disconnected misses the notification. That is not an error of the call.
    send(notice).catch(() => {});
  };
  return {
    progress(done, total, message) {
      if (over || progressToken === undefined || done <= furthest) return;
      furthest = done;
      const more = { ...(total === undefined ? {} : { total }), ...(message === undefined ? {} : { message }) };
      tell({ method: 'notifications/progress', params: { progressToken, progress: done, ...more } });
    },
    log(level, event, data = {}) {
      if (over || logLevel === undefined || !isWanted(level, logLevel)) return;
      tell({ method: 'notifications/message', params: { level, logger: LOGGER, data: { event, ...data } } });
    },
    end() {
      over = true;
    },
  };
}
