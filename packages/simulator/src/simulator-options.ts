import { resolveBehavior, type SlackBehavior } from './slack-behavior.ts';
import type { WorkspaceSeed } from './workspace/seed.ts';

/** Options of `createSimulator`. */
export interface SimulatorOptions {
  /** The secret with which the simulator signs every request to the app. */
  signingSecret: string;
  /** The bot token that the Web API accepts; default `xoxb-simulator`. */
  botToken?: string | undefined;
  /** The app-level token that Socket Mode accepts; default `xapp-simulator`. */
  appToken?: string | undefined;
  /** Sends all events, commands and interactions over Socket Mode instead of to the app's URLs; default false. */
  socketMode?: boolean | undefined;
  /** A user token that the Web API also accepts, such as `xoxp-simulator`. Default: none. */
  userToken?: string | undefined;
  /** The id of the person whom the user token belongs to; default `U0ALICE001`. */
  userId?: string | undefined;
  /** The scopes of the user token; default {@link DEFAULT_USER_SCOPES}. */
  userScopes?: readonly string[] | undefined;
  /** The scopes of the bot token; default {@link DEFAULT_SCOPES}. */
  scopes?: readonly string[] | undefined;
  /** The content of the workspace. The default is a small workspace whose ids are the same on every start. */
  seed?: WorkspaceSeed | undefined;
  /**
   * The URL to which events are posted. Without an events URL, events are dropped, as for an app without event
   * subscriptions.
   */
  eventsUrl?: string | undefined;
  /** The URL to which block actions, shortcuts and views are posted. */
  interactivityUrl?: string | undefined;
  /** The URL to which slash commands are posted. */
  commandsUrl?: string | undefined;
  /**
   * Whether to perform the `url_verification` handshake with `eventsUrl` before `createSimulator` resolves; default
   * false.
   */
  verify?: boolean | undefined;
  /** Default `127.0.0.1`. */
  host?: string | undefined;
  /** The port to listen on. The default 0 selects any free port. */
  port?: number | undefined;
  /**
   * How much faster than real time the workspace's clock runs. At 60, the retry after one minute comes after one
   * second. Signatures, the app's time to respond and rate limits stay in real time. Default 1.
   */
  timeScale?: number | undefined;
  /** Maximum time in milliseconds for the app to respond; default 3000, as in Slack. */
  answerTimeoutMs?: number | undefined;
  /** Maximum number of concurrent event deliveries; default 50. */
  concurrency?: number | undefined;
  /** The rate limits of the Web API. `slack` limits each method by its tier; default `off`. */
  rateLimits?: 'off' | 'slack' | undefined;
  /** Selects a variant for each behavior on which reports about Slack differ. Each behavior has a default. */
  behavior?: Partial<SlackBehavior> | undefined;
  /**
   * Makes the bot token an organization token, so that calls of list methods and of `search.messages` must pass
   * `team_id`. Default false.
   */
  orgToken?: boolean | undefined;
}

/** The options with all defaults applied. */
export interface ResolvedSimulatorOptions {
  signingSecret: string;
  botToken: string;
  appToken: string;
  userToken: string | undefined;
  userId: string;
  userScopes: readonly string[];
  socketMode: boolean;
  scopes: readonly string[];
  seed: WorkspaceSeed;
  eventsUrl: string | undefined;
  interactivityUrl: string | undefined;
  commandsUrl: string | undefined;
  verify: boolean;
  host: string;
  port: number;
  timeScale: number;
  answerTimeoutMs: number;
  concurrency: number;
  rateLimits: 'off' | 'slack';
  behavior: SlackBehavior;
  orgToken: boolean;
}

/**
 * The default scopes of the bot token. The list contains all scopes that the simulated methods need, except the scope
 * for posting to channels that the bot has not joined.
 */
export const DEFAULT_SCOPES: readonly string[] = [
  'app_mentions:read',
  'bookmarks:read',
  'bookmarks:write',
  'calls:read',
  'calls:write',
  'canvases:read',
  'canvases:write',
  'channels:history',
  'channels:join',
  'channels:manage',
  'channels:read',
  'chat:write',
  'chat:write.customize',
  'commands',
  'dnd:read',
  'emoji:read',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'groups:write',
  'im:history',
  'im:read',
  'im:write',
  'lists:read',
  'lists:write',
  'mpim:history',
  'mpim:read',
  'mpim:write',
  'pins:read',
  'pins:write',
  'reactions:read',
  'reactions:write',
  'remote_files:read',
  'remote_files:share',
  'remote_files:write',
  'team.billing:read',
  'team.preferences:read',
  'team:read',
  'usergroups:read',
  'usergroups:write',
  'users:read',
  'users:read.email',
  'users:write',
  'users.profile:read',
];

/** The default scopes of the user token, which let it read, search and write as a person. */
export const DEFAULT_USER_SCOPES: readonly string[] = [
  'calls:read',
  'calls:write',
  'canvases:read',
  'canvases:write',
  'channels:history',
  'channels:read',
  'channels:write',
  'chat:write',
  'dnd:read',
  'dnd:write',
  'emoji:read',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'groups:write',
  'im:history',
  'im:read',
  'im:write',
  'lists:read',
  'lists:write',
  'mpim:history',
  'mpim:read',
  'mpim:write',
  'reactions:read',
  'reactions:write',
  'reminders:read',
  'reminders:write',
  'search:read',
  'stars:read',
  'stars:write',
  'usergroups:read',
  'users:read',
  'users:read.email',
  'users:write',
  'users.profile:read',
  'users.profile:write',
];

/** Thrown for an invalid option. The error contains the name of the option, so that a command can name its flag. */
export class InvalidOptionError extends TypeError {
  override readonly name: string = 'InvalidOptionError';
  readonly option: string;
  readonly requirement: string;

  constructor(option: string, requirement: string) {
    super(`${option} ${requirement}`);
    this.option = option;
    this.requirement = requirement;
  }
}

/**
 * Validates options and applies the defaults.
 *
 * @throws InvalidOptionError when an option is invalid; the message names the option
 */
export function resolveSimulatorOptions(options: SimulatorOptions): ResolvedSimulatorOptions {
  const { appToken = 'xapp-simulator', socketMode = false } = options;
  const { signingSecret, botToken = 'xoxb-simulator', rateLimits = 'off', host = '127.0.0.1' } = options;
  requireText('signingSecret', signingSecret);
  requireText('botToken', botToken);
  requireText('appToken', appToken);
  requireText('host', host);
  const { userToken, userId = 'U0ALICE001' } = options;
  if (userToken !== undefined) requireText('userToken', userToken);
  requireText('userId', userId);
  if (rateLimits !== 'off' && rateLimits !== 'slack') {
    throw new InvalidOptionError('rateLimits', "must be 'off' or 'slack'");
  }
  const behavior = resolveBehavior(options.behavior);
  if (typeof behavior === 'string') throw new InvalidOptionError('behavior', behavior);
  const eventsUrl = httpUrl('eventsUrl', options.eventsUrl);
  if (options.verify && eventsUrl === undefined) throw new InvalidOptionError('verify', 'needs an events URL');
  return {
    signingSecret,
    botToken,
    appToken,
    userToken,
    userId,
    userScopes: options.userScopes ?? DEFAULT_USER_SCOPES,
    socketMode,
    scopes: options.scopes ?? DEFAULT_SCOPES,
    seed: options.seed ?? {},
    eventsUrl,
    interactivityUrl: httpUrl('interactivityUrl', options.interactivityUrl),
    commandsUrl: httpUrl('commandsUrl', options.commandsUrl),
    verify: options.verify ?? false,
    host,
    port: numberOption('port', options.port ?? 0, { min: 0, max: 65_535, whole: true }),
    timeScale: numberOption('timeScale', options.timeScale ?? 1, { min: 0.001, max: 1_000_000 }),
    answerTimeoutMs: numberOption('answerTimeoutMs', options.answerTimeoutMs ?? 3000, { min: 1, max: 600_000 }),
    concurrency: numberOption('concurrency', options.concurrency ?? 50, { min: 1, max: 1000, whole: true }),
    rateLimits,
    behavior,
    orgToken: options.orgToken ?? false,
  };
}

/** Validates a URL of the app. @throws InvalidOptionError when an option is invalid; the message names the option */
export function httpUrl(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const isHttp = URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
  if (!isHttp) {
    throw new InvalidOptionError(name, 'must be an http or https URL, such as http://127.0.0.1:3000/slack/events');
  }
  return value;
}

function requireText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw new InvalidOptionError(name, 'must be a non-empty string');
}

function numberOption(name: string, value: number, bounds: { min: number; max: number; whole?: boolean }): number {
  const { min, max, whole = false } = bounds;
  if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new InvalidOptionError(name, `must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
}
