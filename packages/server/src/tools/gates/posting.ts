import type { Idempotency } from './idempotency/idempotency.ts';

/** The settings for posting texts. */
export interface Posting {
  /** Whether `@channel`, `@here` and `@everyone` notify people. */
  readonly allowBroadcast: boolean;
  readonly idempotency: Idempotency;
  /** The owner of the idempotency keys; undefined without authentication. */
  readonly caller?: string | undefined;
}
