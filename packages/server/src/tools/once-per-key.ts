import type { JsonObject } from '@slack-mcp/core';
import type { ToolContext } from './tool-context.ts';

/** Work that is done at most once per idempotency key. */
export interface KeyedWork {
  /** The idempotency key; without a key, the work is always done. */
  readonly key: string | undefined;
  /** The content that belongs to the key. */
  readonly content: JsonObject;
  run(): Promise<JsonObject>;
}

/**
 * Does the work at most once per idempotency key, and returns its result.
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
