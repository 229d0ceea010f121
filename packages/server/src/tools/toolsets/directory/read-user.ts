import type { JsonObject } from '@slack-mcp/core';
import { SlackError } from '@slack-mcp/slack';
import { z } from 'zod';
import { emailIn } from '../../arguments/email-address.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { NameError } from '../../directory/name-errors.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { decodeEntities } from '../../messages/readable-text.ts';
import { timeOf } from '../../messages/time-text.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import type { ToolContext } from '../../tool-context.ts';

/** The tool `slack_read_user`, which reads a profile with status and presence. */
export const readUserTool: Tool = defineTool({
  name: 'slack_read_user',
  title: 'Read a profile',
  description: "Read a Slack user's profile: names, job title, email address, status, presence and local time.",
  input: () =>
    z.strictObject({
      user: z.string().min(1).max(200).describe('User id, @name, email address or me'),
    }),
  output: () => z.looseObject({ notice: z.string(), id: z.string(), name: z.string() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['users:read'],
  moreScopes: ['users:read.email'],
  async run({ user }, context) {
    const info = await readUser(user, context);
    const id = stringOf(info['id']);
    return { notice: NOTICE, ...profileOf(info), presence: await presenceOf(id, context) };
  },
});

const NOTICE = untrustedNotice('Profiles');

/**
 * Reads a user from Slack.
 *
 * @throws NameError - no user or several users have the name
 * @throws SlackError
 */
async function readUser(reference: string, context: ToolContext): Promise<JsonObject> {
  const { slack, users, signal } = context;
  if (/^@?(?:me|myself|self)$/i.test(reference.trim())) {
    return readUser(stringOf((await orAsBot(context))['user_id']), context);
  }
  const email = emailIn(reference);
  const { user } =
    email === undefined
      ? await slack.call('users.info', { user: await users.resolve(reference, { signal }) }, { signal })
      : await slack.call('users.lookupByEmail', { email }, { signal });
  if (isObject(user)) return user;
  throw new NameError('user', 'Slack returned no user.', 'Find the user with slack_find.', []);
}

/** Returns the identity of the user token's owner, or of the bot if there is no user token. */
async function orAsBot({ slack, signal }: ToolContext): Promise<JsonObject> {
  try {
    return await slack.call('auth.test', {}, { signal, as: 'user' });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return slack.call('auth.test', {}, { signal });
  }
}

/** Returns the presence, or `unknown` if Slack does not return it, so that the profile can be shown without it. */
async function presenceOf(user: string, { slack, signal }: ToolContext): Promise<string> {
  try {
    const { presence } = await slack.call('users.getPresence', { user }, { signal });
    return stringOf(presence) || 'unknown';
  } catch (error) {
    if (error instanceof SlackError) return 'unknown';
    throw error;
  }
}

function profileOf(user: JsonObject): { id: string; name: string } & Record<string, string | boolean> {
  const profile = isObject(user['profile']) ? user['profile'] : {};
  const text = (name: string): string => decodeEntities(stringOf(profile[name]));
  const realName = decodeEntities(stringOf(user['real_name'])) || text('real_name');
  const displayName = text('display_name');
  const handle = stringOf(user['name']);
  const name = realName || displayName || handle;
  const facts: readonly (readonly [string, string | boolean])[] = [
    ['display_name', displayName === name ? '' : displayName],
    ['handle', handle],
    ['title', text('title')],
    ['pronouns', text('pronouns')],
    ['email', text('email')],
    ['status', statusOf(profile)],
    ['time_zone', stringOf(user['tz'])],
    ['local_time', localTimeOf(user['tz_offset'])],
    ['is_bot', user['is_bot'] === true],
    ['is_admin', user['is_admin'] === true],
    ['is_guest', user['is_restricted'] === true || user['is_ultra_restricted'] === true],
    ['is_deactivated', user['deleted'] === true],
  ];
  const known = facts.filter(([, value]) => value !== '' && value !== false);
  return { id: stringOf(user['id']), name, ...Object.fromEntries(known) };
}

/** Returns the status with its emoji and the time at which it ends; empty if there is no status or it has ended. */
function statusOf(profile: JsonObject): string {
  const parts = [stringOf(profile['status_emoji']), decodeEntities(stringOf(profile['status_text']))].filter(Boolean);
  const end = Number(profile['status_expiration'] ?? 0);
  if (parts.length === 0 || (end > 0 && end * 1_000 < Date.now())) return '';
  const until = end > 0 ? timeOf(end) : '';
  return parts.join(' ') + (until === '' ? '' : ` (until ${until.slice(0, 16)}Z)`);
}

function localTimeOf(offset: unknown): string {
  if (typeof offset !== 'number' || !Number.isFinite(offset)) return '';
  return timeOf(Date.now() / 1_000 + offset)
    .slice(0, 16)
    .replace('T', ' ');
}
