/**
 * Where Slack behaves differently from one report to the next, or where an app may want to see the simpler case.
 * The default is what the sources describe; `docs/simulator.md` names the source of each rule.
 */
export interface SlackBehavior {
  /**
   * What becomes of a reply whose parent is gone. `channel` (default): it is posted to the channel, and only the
   * missing `message.thread_ts` of the answer shows that. `refuse`: `thread_not_found`.
   */
  readonly orphanedReply: 'channel' | 'refuse';
  /**
   * What becomes of a text above 4,000 characters in `chat.postMessage`. `split` (default): several messages, and the
   * answer names the first. `refuse`: `msg_too_long`. `keep`: one message, cut at 40,000.
   */
  readonly longText: 'split' | 'refuse' | 'keep';
  /** A reply also sends `message_changed` of its parent, with equal texts and without `edited`. Default true. */
  readonly replyChangesParent: boolean;
  /** A link in a person's message also sends `message_changed` with its preview, without `edited`. Default true. */
  readonly unfurlLinks: boolean;
  /** An edited message that mentions the app also sends `app_mention` again, under a new event id. Default true. */
  readonly editedMention: boolean;
  /**
   * Which page `conversations.history` gives for `oldest` without `latest`: `oldest` (default), the one next to
   * `oldest`, or `latest`, the newest.
   */
  readonly pageAfterOldest: 'oldest' | 'latest';
  /** The scope that `missing_scope` of `chat.postMessage` names. Default `chat:write:bot`. */
  readonly missingPostScope: 'chat:write:bot' | 'chat:write';
  /** Whether reactions by an alias of an emoji (`thumbsup`) count as the emoji's own name (`+1`). Default true. */
  readonly canonicalReactions: boolean;
}

/** The values that each behavior takes, its default first. */
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

/** The values a behavior takes, its default first; empty for a name that is not a behavior. */
export function behaviorValues(name: string): readonly (string | boolean)[] {
  return Object.hasOwn(CHOICES, name) ? CHOICES[name as keyof SlackBehavior] : [];
}

/**
 * Checks the given behaviors and fills in the defaults.
 *
 * @returns the behaviors, or what is wrong with the given ones
 */
export function resolveBehavior(given: Partial<SlackBehavior> = {}): SlackBehavior | string {
  for (const [name, value] of Object.entries(given)) {
    const values = behaviorValues(name);
    if (values.length === 0) return `has no '${name}'; it has ${BEHAVIOR_NAMES.join(', ')}`;
    if (value !== undefined && !values.includes(value)) {
      return `takes ${values.join(' or ')} for ${name}, such as { ${name}: ${JSON.stringify(values[0])} }`;
    }
  }
  const defaults = Object.fromEntries(Object.entries(CHOICES).map(([name, [first]]) => [name, first]));
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaults, ...chosen } as unknown as SlackBehavior;
}
