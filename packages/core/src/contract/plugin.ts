import type { QueueBackendClass } from './backend.ts';

/** One environment variable of a package: source of its validation, its help text and its README table. */
export interface EnvVar {
  readonly name: string;
  readonly description: string;
  /** An example value, shown in errors and docs. Never a real secret. */
  readonly example: string;
  /** Absent means there is none. Shown in docs as it stands. */
  readonly default?: string;
  readonly required?: boolean;
  /** Its value never appears in a log or an error. */
  readonly secret?: boolean;
}

/** What a backend package offers beside its queue, each by the subpath where it is. */
export interface PluginFacets {
  /** Its `openTaskQueues` (`OpenTaskQueues`) keeps MCP tasks. */
  readonly taskQueue?: './task-queue';
  /** Its `openDedupeStore` (`OpenDedupeStore`) keeps what several replicas have published. */
  readonly dedupeStore?: './dedupe-store';
}

/** The default export of every backend package. */
export interface BackendPlugin extends PluginFacets {
  readonly apiVersion: 1;
  /** The name in `QUEUE_BACKEND`; equal to `slack-mcp.queueBackend` in the package's `package.json`. */
  readonly name: string;
  readonly env: readonly EnvVar[];
  readonly Backend: QueueBackendClass;
}
