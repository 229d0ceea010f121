/** Reports the progress of a call: `done` of `total` steps. A `done` that does not increase is not reported. */
export type Progress = (done: number, total?: number, message?: string) => void;

/**
 * Reports what happens during a call, for example that it waits or failed. Contains event and method names, codes and
 * durations; never arguments, message text or tokens.
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
