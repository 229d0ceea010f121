import { z } from 'zod';
import { defineTool, type Tool } from '../../define-tool.ts';
import { fittingItems } from '../../messages/answer-budget.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';

/** The tool `slack_read_user_group`, which lists the members of a user group. */
export const readUserGroupTool: Tool = defineTool({
  name: 'slack_read_user_group',
  title: 'Read a user group',
  description: 'List the members of a Slack user group, such as @oncall.',
  input: () =>
    z.strictObject({
      group: z.string().min(1).max(200).describe('Group id (S0123456789), @handle or name'),
    }),
  output: () =>
    z.object({
      notice: z.string(),
      id: z.string(),
      members: z.array(z.object({ id: z.string(), name: z.string().optional() })),
      truncated: z.string().optional(),
      note: z.string().optional(),
    }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['usergroups:read'],
  async run({ group }, { slack, userGroups, users, signal }) {
    const id = await userGroups.resolve(group, { signal });
    const answer = await slack.call('usergroups.users.list', { usergroup: id }, { signal });
    const ids = Array.isArray(answer['users']) ? answer['users'].filter((user) => typeof user === 'string') : [];
    const names = await users.namesOf(ids, signal);
    const members = ids.map((user) => {
      const name = names.get(user);
      return name === undefined ? { id: user } : { id: user, name };
    });
    const fitting = fittingItems(members);
    return {
      notice: NOTICE,
      id,
      members: members.slice(0, fitting),
      ...(members.length === 0 && { note: NO_MEMBERS }),
      ...(fitting < members.length && {
        truncated: `Only ${fitting} of ${members.length} members fit into one answer.`,
      }),
    };
  },
});

const NO_MEMBERS =
  'Slack shows no members: the group is empty or turned off. To find another group, call slack_find with kinds: ["group"].';

const NOTICE = untrustedNotice('Names');
