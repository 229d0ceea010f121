import type { QueueBackendClass } from './backend.ts';

/**
 * An environment variable of a package. Validation, help texts and README tables are generated from declarations of
 * this type.
 */
export interface EnvVar {
  readonly name: string;
  readonly description: string;
  /** An example value for errors and documentation. The example must not be a real secret. */
  readonly example: string;
  /** The default value, shown unchanged in the documentation. `default` is absent if the variable has no default. */
  readonly default?: string;
  readonly required?: boolean;
  /** Whether the value is a secret. Secrets never appear in a log or an error. */
  readonly secret?: boolean;
}

/** Optional features of a backend package, each with the subpath that exports it. */
export interface PluginFacets {
  /** The subpath that exports `openTaskQueues` of type `OpenTaskQueues`, which opens the storage for MCP tasks. */
  readonly taskQueue?: './task-queue';
  /**
   * The subpath that exports `openDedupeStore` of type `OpenDedupeStore`, which opens a store that all replicas share
   * and that records published messages.
   */
  readonly dedupeStore?: './dedupe-store';
  /**
   * The subpath that exports `openIdempotencyStore` of type `OpenIdempotencyStore`, which opens a store that all
   * replicas share and that records the idempotency keys of tool calls.
   */
  readonly idempotencyStore?: './idempotency-store';
}

/** The default export of every backend package. */
export interface BackendPlugin extends PluginFacets {
  readonly apiVersion: 1;
  /** The name in `QUEUE_BACKEND`. The name equals `slack-mcp.queueBackend` in the `package.json` of the package. */
  readonly name: string;
  /** The environment variables that the backend reads. */
  readonly env: readonly EnvVar[];
  readonly Backend: QueueBackendClass;
}
