import { type Caller, mayWrite } from '../tools/caller.ts';
import type { Refusal } from './refusal.ts';
import type { SlackSignature } from './slack-signatures.ts';
import { slackAppOf, slackUserOf } from './slack-user.ts';

/** The fields of a JSON-RPC message that access decisions depend on. */
interface MessageFields {
  readonly method?: unknown;
  readonly id?: unknown;
  readonly params?: { readonly name?: unknown; readonly _meta?: unknown } | null;
  readonly result?: { readonly _meta?: unknown } | null;
  readonly error?: unknown;
}

type Message = MessageFields | null | undefined;

/** Methods that call Slack. */
export const ACTING_METHODS: ReadonlySet<unknown> = new Set([
  'tools/call',
  'resources/read',
  'resources/subscribe',
  'completion/complete',
]);

/** Methods that neither change nor reveal anything in Slack. Slack calls neutral methods before it names a user. */
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

/** Whether a message, or any message in a batch, calls a tool that needs more rights than the access token grants. */
export function needsMoreScope(body: unknown, caller: Caller | undefined, writes: (tool: string) => boolean): boolean {
  if (caller?.kind !== 'jwt' || mayWrite(caller)) return false;
  return messagesOf(body).some((message) => message?.method === 'tools/call' && writes(String(message.params?.name)));
}

/**
 * Refuses messages from Slack on behalf of users outside `teams`, and messages that need a user but name no user.
 *
 * @param teams - IDs of workspaces and organizations
 */
export function refuseTeam(body: unknown, teams: readonly string[]): Refusal | undefined {
  const isRefused = (message: Message): boolean => {
    const user = slackUserOf(metaOf(message));
    if (user === undefined) return !mayOmitUser(message);
    return !(teams.includes(user.teamId) || teams.includes(user.enterpriseId ?? ''));
  };
  if (!messagesOf(body).some(isRefused)) return undefined;
  const message =
    'The request names no user of an allowed Slack workspace. The operator of this server can add workspaces to MCP_SLACK_TEAMS.';
  return { status: 403, code: 'team_not_allowed', message, headers: {} };
}

/** Whether a body neither changes nor reveals anything in Slack. */
function isNeutral(body: unknown): boolean {
  return messagesOf(body).every((message) => NEUTRAL_METHODS.has(message?.method));
}

/** Whether Slack may send a body without naming a user, in any session that Slack opened. */
export function needsNoUser(body: unknown): boolean {
  return messagesOf(body).every(mayOmitUser);
}

/**
 * Whether a message may omit the user: it is neutral, or it answers a question from the server. The server asks a
 * question only during a call of the user to whom the session belongs.
 */
function mayOmitUser(message: Message): boolean {
  return NEUTRAL_METHODS.has(message?.method) || isAnswer(message);
}

/** Whether a message answers a request from the server. */
function isAnswer(message: Message): boolean {
  if (message === null || message === undefined || message.method !== undefined) return false;
  return message.id !== undefined && (message.result !== undefined || message.error !== undefined);
}

/** The metadata of a request, or of the answer to a request from the server. */
function metaOf(message: Message): unknown {
  return message?.params?._meta ?? message?.result?._meta;
}

/** The user on whose behalf Slack calls, or the reason why the call is refused. */
export type SlackCaller = { readonly caller: Caller } | { readonly refusal: Refusal };

/**
 * Returns the user on whose behalf Slack sends a request.
 *
 * @param caller - Slack itself, identified by its signature
 * @returns Slack itself if the request names no user; a refusal if the request names several users, if it was signed
 * for an app other than the one that the message names, or if it calls Slack and its signature was used before
 */
export function slackCallerOf(
  body: unknown,
  caller: Caller,
  { signature, severalApps }: { readonly signature: SlackSignature; readonly severalApps: boolean },
): SlackCaller {
  const messages = messagesOf(body);
  let appId: string | undefined;
  for (const message of messages) {
    const verdict = signature.appOf(slackAppOf(metaOf(message)), NEUTRAL_METHODS.has(message?.method));
    if ('fault' in verdict) return { refusal: SIGNATURE_REFUSALS[verdict.fault] };
    appId ??= verdict.appId;
    if (verdict.appId !== appId) return { refusal: SEVERAL_USERS };
  }
  const users = messages.flatMap((message) => slackUserOf(metaOf(message)) ?? []);
  const [user] = users;
  if (!users.every(({ userId, teamId }) => userId === user?.userId && teamId === user.teamId)) {
    return { refusal: SEVERAL_USERS };
  }
  if (!isNeutral(body) && !signature.use()) return { refusal: SIGNATURE_REFUSALS.request_repeated };
  if (user === undefined) return { caller };
  const app = severalApps && appId !== undefined ? `${appId}/` : '';
  const slack = { ...user, ...(appId === undefined ? {} : { appId }) };
  return { caller: { ...caller, id: `slack:${app}${user.teamId}/${user.userId}`, slack } };
}

const SEVERAL_USERS: Refusal = {
  status: 403,
  code: 'team_not_allowed',
  message: 'All messages in a request must be for the same Slack user.',
  headers: {},
};

const SIGNATURE_REFUSALS = {
  signed_by_another_app: signatureRefusal(
    'signed_by_another_app',
    'The request names another app, not the one whose signing secret signed it.',
  ),
  app_not_named: signatureRefusal(
    'app_not_named',
    'Several apps have a signing secret here, and the request does not name its app: set MCP_SLACK_APP, for example A0123456789.',
  ),
  request_repeated: signatureRefusal(
    'request_repeated',
    'A request with this signature has acted before. Sign each request separately.',
  ),
};

function signatureRefusal(code: Refusal['code'], message: string): Refusal {
  return { status: 401, code, message, headers: {} };
}

function messagesOf(body: unknown): readonly Message[] {
  return Array.isArray(body) ? body : [body as Message];
}
