import type { CutOffPredicate } from './delivery/cut-offs.ts';
import type { CutOffPoint } from './delivery/post.ts';
import type { SimulatorControl } from './simulator-control.ts';
import type { Workspace } from './workspace/workspace.ts';

/** A simulator in this process, with one workspace, one installed app and an HTTP server. */
export interface Simulator extends SimulatorControl, AsyncDisposable {
  /**
   * The workspace itself, for tests that need more than the methods of the simulator. Changes to the workspace cause
   * events.
   */
  readonly workspace: Workspace;
  /**
   * Cuts off deliveries like `SimulatorControl.cutOff`, and also accepts a predicate, which is called before each
   * attempt until you call `cutOff(0)`.
   */
  cutOff(next: number | CutOffPredicate, options?: { at?: CutOffPoint | undefined }): Promise<void>;
  /** Stops the server and all deliveries. Pending deliveries stay pending. */
  close(): Promise<void>;
}
