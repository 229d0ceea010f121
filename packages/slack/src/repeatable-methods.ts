/** Matches the ends of the names of read-only methods. */
const READS =
  /\.(?:list|info|history|replies|members|test|get|getPermalink|getPresence|lookup\w*|search|conversations|download)$/;

/** Methods that write, but have the same effect when they are called again. */
const SAME_EFFECT: ReadonlySet<string> = new Set([
  'reactions.add',
  'reactions.remove',
  'chat.update',
  'conversations.join',
  'conversations.mark',
  'conversations.open',
  'views.publish',
]);

/** Whether a call may be sent again if it is unknown whether Slack acted on the first attempt. */
export function isRepeatable(method: string): boolean {
  return READS.test(method) || method.startsWith('search.') || SAME_EFFECT.has(method);
}
