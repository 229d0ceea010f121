import type { Idempotency } from './idempotency/idempotency.ts';

/** How texts are posted. */
export interface Posting {
  /** Whether `@channel`, `@here` and `@everyone` notify. */
  readonly allowBroadcast: boolean;
  readonly idempotency: Idempotency;
  /** Whose keys are meant; undefined where nobody has to say who he is. */
  readonly caller?: string | undefined;
}
