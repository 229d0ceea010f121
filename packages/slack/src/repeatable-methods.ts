/** Last parts of the names of methods that only read. */
const READS =
  /\.(?:list|info|history|replies|members|test|get|getPermalink|getPresence|lookup\w*|search|conversations)$/;

/** Methods that write and leave the same state when they are repeated. */
const SAME_EFFECT: ReadonlySet<string> = new Set([
  'reactions.add',
  'reactions.remove',
  'chat.update',
  'conversations.join',
  'conversations.mark',
  'conversations.open',
  'views.publish',
]);

/** Whether a method may be sent again when it is unknown whether Slack acted on the first attempt. */
export function isRepeatable(method: string): boolean {
  return READS.test(method) || method.startsWith('search.') || SAME_EFFECT.has(method);
}
