import type { CutOffPredicate } from './delivery/cut-offs.ts';
import type { CutOffPoint } from './delivery/post.ts';
import type { SimulatorControl } from './simulator-control.ts';
import type { Workspace } from './workspace/workspace.ts';

/** A simulator in this process: one workspace with one installed app, and the server it answers on. */
export interface Simulator extends SimulatorControl, AsyncDisposable {
  /** The workspace itself, for tests that look closer than the methods here; changing it causes events. */
  readonly workspace: Workspace;
  /** Also takes a predicate, which is asked before each attempt until `cutOff(0)`. */
  cutOff(next: number | CutOffPredicate, options?: { at?: CutOffPoint | undefined }): Promise<void>;
  /** Stops the server and every delivery; deliveries that were pending stay pending. */
  close(): Promise<void>;
}
