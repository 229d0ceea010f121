import { type Caller, mayWrite } from '../tools/caller.ts';
import type { Refusal } from './refusal.ts';
import { slackUserOf } from './slack-user.ts';

/** What a message of JSON-RPC may hold that access depends on. */
type Message = { method?: unknown; params?: { name?: unknown; _meta?: unknown } } | null | undefined;

/** Methods that call Slack. */
export const ACTING_METHODS: ReadonlySet<unknown> = new Set([
  'tools/call',
  'resources/read',
  'resources/subscribe',
  'completion/complete',
]);

/** Methods that do and tell nothing of Slack's: what is asked before it is known for which user. */
const NEUTRAL_METHODS: ReadonlySet<unknown> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/roots/list_changed',
  'logging/setLevel',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
]);

/** Whether a message, or one of a batch, calls a tool that needs more than an access token grants. */
export function needsMoreScope(body: unknown, caller: Caller | undefined, writes: (tool: string) => boolean): boolean {
  if (caller?.kind !== 'jwt' || mayWrite(caller)) return false;
  return messagesOf(body).some((message) => message?.method === 'tools/call' && writes(String(message.params?.name)));
}

/**
 * Refuses what Slack sends for users of other workspaces than these, or does not say for whom.
 *
 * @param teams - ids of workspaces and organizations
 */
export function refuseTeam(body: unknown, teams: readonly string[]): Refusal | undefined {
  const isRefused = (message: Message): boolean => {
    const user = slackUserOf(message?.params?._meta);
    if (user === undefined) return !NEUTRAL_METHODS.has(message?.method);
    return !(teams.includes(user.teamId) || teams.includes(user.enterpriseId ?? ''));
  };
  if (!messagesOf(body).some(isRefused)) return undefined;
  const message = 'Users of this Slack workspace may not use this server.';
  return { status: 403, code: 'team_not_allowed', message, headers: {} };
}

/** Whether a body does and tells nothing of Slack's. */
export function isNeutral(body: unknown): boolean {
  return messagesOf(body).every((message) => NEUTRAL_METHODS.has(message?.method));
}

/**
 * The one user for whom Slack sends a request.
 *
 * @returns undefined where it names none; a refusal where it names several
 */
export function slackUserOfBody(body: unknown): Caller['slack'] | Refusal {
  const users = messagesOf(body).flatMap((message) => slackUserOf(message?.params?._meta) ?? []);
  const [first] = users;
  if (users.every((user) => user.userId === first?.userId && user.teamId === first?.teamId)) return first;
  const message = 'The messages of a request are for one user of Slack.';
  return { status: 403, code: 'team_not_allowed', message, headers: {} };
}

function messagesOf(body: unknown): readonly Message[] {
  return Array.isArray(body) ? body : [body as Message];
}
