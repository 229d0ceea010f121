/** Reports how far a call has come: `done` of `total` steps. A `done` that does not grow is not reported. */
export type Progress = (done: number, total?: number, message?: string) => void;

/**
 * Reports to the caller what happens with its call: it waits, it failed. Names of events and methods, codes and
 * durations; never arguments, texts of messages or tokens.
 */
export type CallLog = (
  level: 'info' | 'warning',
  event: string,
  data?: Readonly<Record<string, string | number>>,
) => void;

/** What a call may report while it runs. */
export interface CallReports {
  readonly progress: Progress;
  readonly log: CallLog;
}
