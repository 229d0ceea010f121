import type { CutOffPredicate } from './delivery/cut-offs.ts';
import type { CutOffPoint } from './delivery/post.ts';
import type { SimulatorControl } from './simulator-control.ts';
import type { Workspace } from './workspace/workspace.ts';

/** A simulator in this process: one workspace with one installed app, and its server. */
export interface Simulator extends SimulatorControl, AsyncDisposable {
  /** The workspace itself, for tests that need more than the methods here; changes to it cause events. */
  readonly workspace: Workspace;
  /** Also accepts a predicate, which is called before each attempt until `cutOff(0)`. */
  cutOff(next: number | CutOffPredicate, options?: { at?: CutOffPoint | undefined }): Promise<void>;
  /** Stops the server and every delivery; pending deliveries stay pending. */
  close(): Promise<void>;
}
