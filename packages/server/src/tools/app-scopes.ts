import type { Tool } from './define-tool.ts';
import type { GateOptions } from './gates/gate-rules.ts';

/** Scopes that a Slack app needs, by the kind of token. */
export interface AppScopes {
  readonly bot: readonly string[];
  readonly user: readonly string[];
}

/** The scopes for looking up channels by name, and people in arguments such as `channel: "@alice"`. */
const CHANNEL_NAMES = ['channels:read', 'groups:read', 'users:read'];
/** The scope for finding existing direct messages with a person. */
const DIRECT_MESSAGES = ['im:read'];
/** The scopes for reading the properties of every conversation. Channel rules may depend on these properties. */
const EVERY_CONVERSATION = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];

/**
 * Returns the scopes for everything that tools can do, including the names of channels and people in their arguments
 * and answers.
 *
 * @param rules - the operator's channel settings
 */
export function appScopes(tools: readonly Tool[], rules: GateOptions = {}): AppScopes {
  const bot = new Set<string>();
  const user = new Set<string>();
  const hasUser = tools.some(({ tokens }) => !tokens.includes('bot'));
  for (const tool of tools) {
    const own = tool.tokens.includes('bot') ? bot : user;
    for (const scope of [...tool.manifestScopes, ...tool.moreScopes]) own.add(scope);
    if (hasUser && tool.alsoAsPerson) for (const scope of tool.manifestScopes) user.add(scope);
    // Names are looked up with the bot token if there is one.
    const names = tools.some(({ tokens }) => tokens.includes('bot')) ? bot : user;
    for (const scope of nameScopes(tool, rules)) names.add(scope);
  }
  return {
    bot: [...bot].filter((scope) => !ONLY_FOR_USERS.has(scope)).sort(),
    user: [...user].filter((scope) => !ONLY_FOR_BOTS.has(scope)).sort(),
  };
}

/** Scopes that Slack grants only to user tokens. */
const ONLY_FOR_USERS: ReadonlySet<string> = new Set(['channels:write']);
/** Scopes that Slack grants only to bot tokens. */
const ONLY_FOR_BOTS: ReadonlySet<string> = new Set(['channels:join', 'channels:manage']);

function nameScopes({ inputSchema }: Tool, rules: GateOptions): readonly string[] {
  const { properties } = inputSchema as { properties?: object };
  const takes = (name: string): boolean => Object.hasOwn(properties ?? {}, name);
  if (!takes('channel')) return takes('user') || takes('from') ? ['users:read'] : [];
  return [...CHANNEL_NAMES, ...DIRECT_MESSAGES, ...(dependsOnChannels(rules) ? EVERY_CONVERSATION : [])];
}

/** Whether the rules may depend on properties that only Slack knows about a channel. */
function dependsOnChannels({
  readChannels = [],
  writeChannels = [],
  externalChannels = 'allow',
}: GateOptions): boolean {
  return readChannels.length > 0 || writeChannels.length > 0 || externalChannels !== 'allow';
}
