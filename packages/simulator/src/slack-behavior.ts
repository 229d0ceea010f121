/**
 * Behaviors of Slack that you can select, because reports about Slack differ, or because an app may want to test the
 * simpler case. The defaults follow Slack's documentation and reports; `docs/simulator.md` names the source of each
 * rule.
 */
export interface SlackBehavior {
  /**
   * What happens to a reply whose parent was deleted. With `channel` (default), the reply is posted to the channel, and
   * only the missing `message.thread_ts` in the response shows that the parent is gone. With `refuse`, the call returns
   * `thread_not_found`.
   */
  readonly orphanedReply: 'channel' | 'refuse';
  /**
   * What `chat.postMessage` does with a text above 4,000 characters. `split` (default) posts several messages, and the
   * response contains the first message. `refuse` returns `msg_too_long`. `keep` posts one message, truncated at 40,000
   * characters.
   */
  readonly longText: 'split' | 'refuse' | 'keep';
  /**
   * Whether a reply also sends `message_changed` for its parent message, with the same text before and after and
   * without `edited`. Default true.
   */
  readonly replyChangesParent: boolean;
  /**
   * Whether a link in a person's message also sends `message_changed` with the preview of the link, without `edited`.
   * Default true.
   */
  readonly unfurlLinks: boolean;
  /** Whether an edited message that mentions the app sends `app_mention` again, with a new event id. Default true. */
  readonly editedMention: boolean;
  /**
   * Which page `conversations.history` returns for `oldest` without `latest`. `oldest` (default) returns the page that
   * begins at `oldest`. `latest` returns the newest page.
   */
  readonly pageAfterOldest: 'oldest' | 'latest';
  /** The scope that `chat.postMessage` names in its `missing_scope` error. Default `chat:write:bot`. */
  readonly missingPostScope: 'chat:write:bot' | 'chat:write';
  /**
   * Whether a reaction with an alias of an emoji (`thumbsup`) is stored under the main name of the emoji (`+1`).
   * Default true.
   */
  readonly canonicalReactions: boolean;
}

/** The allowed values of each behavior, with the default first. */
const CHOICES: { readonly [K in keyof SlackBehavior]: readonly [SlackBehavior[K], ...SlackBehavior[K][]] } = {
  orphanedReply: ['channel', 'refuse'],
  longText: ['split', 'refuse', 'keep'],
  replyChangesParent: [true, false],
  unfurlLinks: [true, false],
  editedMention: [true, false],
  pageAfterOldest: ['oldest', 'latest'],
  missingPostScope: ['chat:write:bot', 'chat:write'],
  canonicalReactions: [true, false],
};

/** The names of the behaviors, for the command line. */
export const BEHAVIOR_NAMES: readonly string[] = Object.keys(CHOICES);

/** Returns the allowed values of a behavior, with the default first. Returns an empty list for an unknown name. */
export function behaviorValues(name: string): readonly (string | boolean)[] {
  return Object.hasOwn(CHOICES, name) ? CHOICES[name as keyof SlackBehavior] : [];
}

/**
 * Validates the given behaviors and applies the defaults.
 *
 * @returns the behaviors, or a description of the invalid value
 */
export function resolveBehavior(given: Partial<SlackBehavior> = {}): SlackBehavior | string {
  for (const [name, value] of Object.entries(given)) {
    const values = behaviorValues(name);
    if (values.length === 0) return `'${name}' does not exist: use one of ${BEHAVIOR_NAMES.join(', ')}`;
    if (value !== undefined && !values.includes(value)) {
      return `${name} must be ${values.join(' or ')}, such as { ${name}: ${JSON.stringify(values[0])} }`;
    }
  }
  const defaults = Object.fromEntries(Object.entries(CHOICES).map(([name, [first]]) => [name, first]));
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaults, ...chosen } as unknown as SlackBehavior;
}
