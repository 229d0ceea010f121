import { type Caller, mayWrite } from '../tools/caller.ts';
import type { Refusal } from './refusal.ts';
import { slackUserOf } from './slack-user.ts';

/** What a message of JSON-RPC may hold that access depends on. */
type Message = { method?: unknown; params?: { name?: unknown; _meta?: unknown } } | null | undefined;

/** Methods that do or tell something of Slack's. */
const ACTING: ReadonlySet<unknown> = new Set([
  'tools/call',
  'resources/read',
  'resources/subscribe',
  'completion/complete',
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
    return user === undefined || !(teams.includes(user.teamId) || teams.includes(user.enterpriseId ?? ''));
  };
  if (!messagesOf(body).some((message) => ACTING.has(message?.method) && isRefused(message))) return undefined;
  const message = 'Users of this Slack workspace may not use this server.';
  return { status: 403, code: 'team_not_allowed', message, headers: {} };
}

function messagesOf(body: unknown): readonly Message[] {
  return Array.isArray(body) ? body : [body as Message];
}
