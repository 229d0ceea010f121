import type { JsonObject } from '@slack-mcp/core';
import type { ToolContext } from './tool-context.ts';

/** Work, and what its idempotency key belongs to. */
export interface KeyedWork {
  /** The idempotency key; without a key, the work is done at once. */
  readonly key: string | undefined;
  /** The content that belongs to the key. */
  readonly content: JsonObject;
  run(): Promise<JsonObject>;
}

/**
 * Does the work once per idempotency key.
 *
 * @throws IdempotencyError
 * @throws the error of `run`
 */
export async function oncePerKey(
  { key, content, run }: KeyedWork,
  { posting, signal }: Pick<ToolContext, 'posting' | 'signal'>,
): Promise<JsonObject> {
  return key === undefined ? run() : posting.idempotency.once({ key, caller: posting.caller, content, signal, run });
}
