import type { Idempotency } from './idempotency/idempotency.ts';

/** How texts are posted. */
export interface Posting {
  /** Whether `@channel`, `@here` and `@everyone` notify. */
  readonly allowBroadcast: boolean;
  readonly idempotency: Idempotency;
  /** The owner of the idempotency keys. Undefined without authentication. */
  readonly caller?: string | undefined;
}
