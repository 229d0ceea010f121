import type { ClientLog, ClientLogLevel } from './client-log.ts';
import { isWanted } from './client-log.ts';

/** Tells a client how far its call has come: `done` of `total` steps. What does not go on is not told. */
export type Progress = (done: number, total?: number, message?: string) => void;

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

/** What a call may tell while it runs. */
export interface CallNotices {
  readonly progress: Progress;
  readonly log: ClientLog;
  /** From now on nothing is told: the request is answered. */
  end(): void;
}

const LOGGER = 'slack-mcp';

/** Tells nothing: for calls that nobody listens to. */
export const NO_NOTICES: CallNotices = { progress() {}, log() {}, end() {} };

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
