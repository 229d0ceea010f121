/**
 * Reports that `done` of `total` steps of a call are finished. A value of `done` that does not increase is not
 * reported.
 */
export type Progress = (done: number, total?: number, message?: string) => void;

/**
 * Reports an event during a call, for example that the call waits or has failed. A report contains event and method
 * names, codes and durations, but never arguments, message text or tokens.
 */
export type CallLog = (
  level: 'info' | 'warning',
  event: string,
  data?: Readonly<Record<string, string | number>>,
) => void;

/** The functions with which a call reports its progress and events while it runs. */
export interface CallReports {
  readonly progress: Progress;
  readonly log: CallLog;
}
