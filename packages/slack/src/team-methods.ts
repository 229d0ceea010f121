/**
 * Methods whose argument `team_id` is, according to Slack's documentation, "required if org token is used". Slack
 * ignores `team_id` with the token of a workspace.
 */
const TEAM_METHODS: ReadonlySet<string> = new Set([
  'bots.info',
  'chat.scheduledMessages.list',
  'conversations.acceptSharedInvite',
  'conversations.create',
  'conversations.list',
  'conversations.listConnectInvites',
  'dnd.info',
  'dnd.teamInfo',
  'files.list',
  'migration.exchange',
  'reactions.list',
  'reminders.add',
  'reminders.complete',
  'reminders.delete',
  'reminders.info',
  'reminders.list',
  'search.all',
  'search.files',
  'search.messages',
  'stars.list',
  'team.accessLogs',
  'team.billableInfo',
  'team.integrationLogs',
  'usergroups.create',
  'usergroups.disable',
  'usergroups.enable',
  'usergroups.list',
  'usergroups.update',
  'usergroups.users.list',
  'usergroups.users.update',
  'users.conversations',
  'users.list',
]);

/** Whether Slack requires `team_id` for a method if the token belongs to an organization. */
export function takesTeamId(method: string): boolean {
  return TEAM_METHODS.has(method);
}

/** Adds `team_id` to the arguments of a method that accepts it, unless the arguments already contain it. */
export function withTeamId(
  method: string,
  args: Readonly<Record<string, unknown>>,
  teamId: string | undefined,
): Readonly<Record<string, unknown>> {
  if (teamId === undefined || !takesTeamId(method) || args['team_id'] !== undefined) return args;
  return { ...args, team_id: teamId };
}
