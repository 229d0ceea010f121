/**
 * Choices where reports of Slack's behavior differ, or where an app may want to test the simpler case.
 * The defaults follow the sources; `docs/simulator.md` names the source of each rule.
 */
export interface SlackBehavior {
  /**
   * What happens to a reply whose parent was deleted. `channel` (default): the reply is posted to the channel, and only
   * the missing `message.thread_ts` in the response reveals this. `refuse`: returns `thread_not_found`.
   */
  readonly orphanedReply: 'channel' | 'refuse';
  /**
   * What `chat.postMessage` does with a text above 4,000 characters. `split` (default): posts several messages, and the
   * response names the first. `refuse`: returns `msg_too_long`. `keep`: posts one message, cut at 40,000 characters.
   */
  readonly longText: 'split' | 'refuse' | 'keep';
  /** A reply also sends `message_changed` of its parent, with equal texts and without `edited`. Default true. */
  readonly replyChangesParent: boolean;
  /** A link in a person's message also sends `message_changed` with its preview, without `edited`. Default true. */
  readonly unfurlLinks: boolean;
  /** An edited message that mentions the app also sends `app_mention` again, under a new event id. Default true. */
  readonly editedMention: boolean;
  /**
   * Which page `conversations.history` returns for `oldest` without `latest`. `oldest` (default): the page next to
   * `oldest`. `latest`: the newest page.
   */
  readonly pageAfterOldest: 'oldest' | 'latest';
  /** The scope that `missing_scope` of `chat.postMessage` names. Default `chat:write:bot`. */
  readonly missingPostScope: 'chat:write:bot' | 'chat:write';
  /** Whether a reaction by an alias of an emoji (`thumbsup`) is stored under its main name (`+1`). Default true. */
  readonly canonicalReactions: boolean;
}

/** The values of each behavior, default first. */
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

/** The values of a behavior, default first; empty for an unknown name. */
export function behaviorValues(name: string): readonly (string | boolean)[] {
  return Object.hasOwn(CHOICES, name) ? CHOICES[name as keyof SlackBehavior] : [];
}

/**
 * Validates the given behaviors and applies the defaults.
 *
 * @returns the behaviors, or a description of what is wrong with them
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
