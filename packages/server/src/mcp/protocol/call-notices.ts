import type { CallReports } from '../../tools/call-reports.ts';
import { type ClientLog, type ClientLogLevel, isWanted } from './client-log.ts';

/** A notification about a request that is being answered. */
export type Notice =
  | {
      method: 'notifications/progress';
      params: { progressToken: string | number; progress: number; total?: number; message?: string };
    }
  | {
      method: 'notifications/message';
      params: { level: ClientLogLevel; logger: string; data: Readonly<Record<string, string | number>> };
    };

/** What an adapter knows of a request. */
export interface NoticeChannel {
  /** Sends beside the answer. May reject: nobody waits for it. */
  send(notice: Notice): Promise<void>;
  /** Absent: the client does not want to hear of progress. */
  readonly progressToken: string | number | undefined;
  /** Least level that the client wants to hear of; undefined: it wants none. */
  readonly logLevel: ClientLogLevel | undefined;
}

/** What a call may report while it runs, until its request is answered. */
export interface CallNotices extends CallReports {
  readonly log: ClientLog;
  /** From now on nothing is reported: the request is answered. */
  end(): void;
}

const LOGGER = 'slack-mcp';

/** Reports nothing: for calls without a listener. */
const NO_NOTICES: CallNotices = { progress() {}, log() {}, end() {} };

/** Opens what a call may tell. Progress only goes up; nothing is told once the call is over. */
export function openNotices({ send, progressToken, logLevel }: NoticeChannel): CallNotices {
  if (progressToken === undefined && logLevel === undefined) return NO_NOTICES;
  let over = false;
  let furthest = Number.NEGATIVE_INFINITY;
  const tell = (notice: Notice): void => {
    // A client that went away hears nothing, which is no failure of the call.
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
