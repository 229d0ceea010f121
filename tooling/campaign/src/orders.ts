import type { WorkerProfile } from './conduct.ts';

interface Orders {
  /** URL of the module whose default export is the backend's plugin manifest. */
  readonly module: string;
  readonly env: Readonly<Record<string, string>>;
  /** The file to write. */
  readonly journal: string;
  readonly seed: number;
}

/** What a worker process receives when it starts. */
export interface WorkerOrders extends Orders, WorkerProfile {
  readonly group: number;
  /** Whether one of its handlers keeps its message until the end is near. */
  readonly holds: boolean;
  /** Folder for markers of things that must happen only once. */
  readonly marks: string;
}

/**
 * What a publisher process receives at its start. It publishes the events `index`, `index + step`, … below `events`.
 */
export interface PublisherOrders extends Orders {
  readonly index: number;
  readonly step: number;
  readonly events: number;
  /** Journals of its predecessors, whose confirmed events are not published again. */
  readonly earlier: readonly string[];
  readonly inFlight: number;
  readonly timeoutMs: number;
}

/** Message to a worker that the end is near: it must settle the message that it keeps. */
export interface Finish {
  readonly finish: true;
}

/** Message to a publisher that it may publish the events below `limit`. */
export interface Grant {
  readonly limit: number;
}

/** Sent once by a worker when its subscription is established, and by a publisher when it has begun. */
export interface Started {
  readonly started: true;
}

/** Exit code of a worker that crashes on purpose. */
export const CRASH_EXIT_CODE = 70;

/** The name of a group. */
export const groupName = (group: number): string => `group-${group}`;
