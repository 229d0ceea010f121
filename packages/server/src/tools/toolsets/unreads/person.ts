import { stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';

/** Options of calls that act as the owner of the user token. */
export function asPerson({ signal }: Pick<ToolContext, 'signal'>): { signal: AbortSignal; as: 'user' } {
  return { signal, as: 'user' };
}

/**
 * Returns the ID of the user token's owner.
 *
 * @throws SlackError
 */
export async function personId(context: ToolContext): Promise<string> {
  return stringOf((await context.slack.call('auth.test', {}, asPerson(context)))['user_id']);
}
