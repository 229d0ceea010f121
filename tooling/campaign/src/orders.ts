import type { WorkerProfile } from './conduct.ts';

interface Orders {
  /** URL of the module whose default export is the backend's plugin manifest. */
  readonly module: string;
  readonly env: Readonly<Record<string, string>>;
  /** The file to write. */
  readonly journal: string;
  readonly seed: number;
}

/** What a worker process is told when it starts. */
export interface WorkerOrders extends Orders, WorkerProfile {
  readonly group: number;
  /** One of its handlers keeps its message in hand until the end is near. */
  readonly holds: boolean;
  /** Folder for the marks of what must happen only once. */
  readonly marks: string;
}

/** What a publisher process is told when it starts: it publishes the events `index`, `index + step`, … below `events`. */
export interface PublisherOrders extends Orders {
  readonly index: number;
  readonly step: number;
  readonly events: number;
  /** Journals of its predecessors: what they confirmed is not published again. */
  readonly earlier: readonly string[];
  readonly inFlight: number;
  readonly timeoutMs: number;
}

/** How a worker is told that the end is near: it keeps no message in hand any longer. */
export interface Finish {
  readonly finish: true;
}

/** How a publisher is told to go on: events below `limit` may be published. */
export interface Grant {
  readonly limit: number;
}

/** What a process reports, once: a worker that its subscription is established, a publisher that it has begun. */
export interface Started {
  readonly started: true;
}

/** Exit code of a worker that crashes on purpose. */
export const CRASH_EXIT_CODE = 70;

/** The name of a group. */
export const groupName = (group: number): string => `group-${group}`;
