/** What a call does: it only reads, it writes, or it removes or replaces something. */
export type Effect = 'read' | 'write' | 'destroy';

/** What Slack's documentation says about a method, and what the types do not say. */
export interface MethodFacts {
  readonly effect: Effect;
  /**
   * What a call can reach. `arguments`: only the channels in its arguments. `direct`: also the direct messages with the
   * users in its arguments. `anywhere`: any channel, for example through the id of a file. Otherwise, a list in the
   * answer, as `items.channel`: the property with the items, and the property of an item with the id of its channel.
   */
  readonly reach: string;
  /** Alternative scopes. Slack needs the scope that matches the kind of channel and the kind of token. */
  readonly scopes: readonly string[];
  readonly tokens: readonly ('bot' | 'user')[];
  readonly summary: string;
}

const MANAGE = 'channels:manage channels:write groups:write im:write mpim:write';
const TOPIC = `channels:write.topic groups:write.topic im:write.topic mpim:write.topic ${MANAGE}`;
const HISTORY = 'channels:history groups:history im:history mpim:history';
const READ = 'channels:read groups:read im:read mpim:read';

/**
 * One method a line: name, effect, reach, kinds of token, scopes, summary. Source: the section Facts of
 * https://docs.slack.dev/reference/methods, one page for each method.
 */
const FACTS = `
agents.conversations.getCanvas | read | anywhere | bot | code_channels:manage | Read a canvas of a code channel with its comments
auth.test | read | arguments | bot user | | Show whom the token belongs to
bookmarks.add | write | arguments | bot user | bookmarks:write | Add a bookmark to a channel
bookmarks.edit | write | arguments | bot user | bookmarks:write | Change a bookmark of a channel
bookmarks.list | read | arguments | bot user | bookmarks:read | List the bookmarks of a channel
bookmarks.remove | destroy | arguments | bot user | bookmarks:write | Remove a bookmark from a channel
bots.info | read | arguments | bot user | users:read | Read the name and icons of a bot
calls.add | write | arguments | bot user | calls:write | Register a call of another service
calls.end | write | arguments | bot user | calls:write | End a registered call
calls.info | read | arguments | bot user | calls:read | Read a registered call
calls.participants.add | write | arguments | bot user | calls:write | Add participants to a call
calls.participants.remove | write | arguments | bot user | calls:write | Remove participants from a call
calls.update | write | arguments | bot user | calls:write | Change a registered call
canvases.access.delete | destroy | anywhere | bot user | canvases:write | Take access to a canvas away
canvases.access.set | write | anywhere | bot user | canvases:write | Give channels or users access to a canvas
canvases.create | write | arguments | bot user | canvases:write | Create a canvas from Markdown
canvases.delete | destroy | anywhere | bot user | canvases:write | Delete a canvas
canvases.edit | write | anywhere | bot user | canvases:write | Change sections of a canvas
canvases.sections.lookup | read | anywhere | bot user | canvases:read | Find sections of a canvas
chat.delete | destroy | arguments | bot user | chat:write | Delete a message
chat.deleteScheduledMessage | destroy | arguments | bot user | chat:write | Cancel a scheduled message
chat.getPermalink | read | arguments | bot user | | Get the link to a message
chat.meMessage | write | arguments | bot user | chat:write | Post a message in the third person (/me)
chat.postEphemeral | write | arguments | bot user | chat:write | Post a message that one user sees
chat.postMessage | write | arguments | bot user | chat:write | Post a message, also with blocks
chat.scheduleMessage | write | arguments | bot user | chat:write | Schedule a message, also with blocks
chat.scheduledMessages.list | read | scheduled_messages.channel_id | bot user | | List scheduled messages
chat.update | write | arguments | bot user | chat:write | Change a message, also with blocks
conversations.archive | destroy | arguments | bot user | ${MANAGE} | Archive a channel
conversations.canvases.create | write | arguments | bot user | canvases:write | Create the canvas of a channel
conversations.close | write | arguments | bot user | ${MANAGE} | Close direct messages
conversations.create | write | anywhere | bot user | channels:manage channels:write groups:write | Create a public or private channel
conversations.history | read | arguments | bot user | ${HISTORY} | Read the messages of a channel
conversations.info | read | arguments | bot user | ${READ} | Read the settings of a channel
conversations.invite | write | arguments | bot user | channels:write.invites groups:write.invites ${MANAGE} | Invite users to a channel
conversations.join | write | arguments | bot user | channels:join channels:write | Join a public channel
conversations.kick | destroy | arguments | bot user | ${MANAGE} | Remove a user from a channel
conversations.leave | write | arguments | bot user | ${MANAGE} | Leave a channel
conversations.list | read | channels.id | bot user | ${READ} | List channels
conversations.mark | write | arguments | bot user | ${MANAGE} | Mark a channel as read up to a message
conversations.members | read | arguments | bot user | ${READ} | List the members of a channel
conversations.open | write | direct | bot user | im:write mpim:write | Open direct messages with one or more users
conversations.rename | write | arguments | bot user | ${MANAGE} | Rename a channel
conversations.replies | read | arguments | bot user | ${HISTORY} | Read the messages of a thread
conversations.setPurpose | write | arguments | bot user | ${TOPIC} | Set the description of a channel
conversations.setTopic | write | arguments | bot user | ${TOPIC} | Set the topic of a channel
conversations.unarchive | write | arguments | bot user | ${MANAGE} | Unarchive a channel
dnd.endDnd | write | arguments | user | dnd:write | End the current session of do not disturb
dnd.endSnooze | write | arguments | user | dnd:write | End the current snooze
dnd.info | read | arguments | bot user | dnd:read | Read the do-not-disturb settings of a user
dnd.setSnooze | write | arguments | user | dnd:write | Snooze notifications for some minutes
dnd.teamInfo | read | arguments | bot user | dnd:read | Read the do-not-disturb settings of several users
emoji.list | read | arguments | bot user | emoji:read | List custom emoji
files.delete | destroy | anywhere | bot user | files:write | Delete a file
files.info | read | anywhere | bot user | files:read | Read the metadata of a file
files.list | read | anywhere | bot user | files:read | List files by channel, user, time or type
files.remote.add | write | arguments | bot | remote_files:write | Register a file that is stored elsewhere
files.remote.info | read | anywhere | bot user | remote_files:read | Read a file that is stored elsewhere
files.remote.list | read | anywhere | bot user | remote_files:read | List files that are stored elsewhere
files.remote.remove | destroy | anywhere | bot | remote_files:write | Remove a file that is stored elsewhere
files.remote.share | write | anywhere | bot user | remote_files:share | Share a file that is stored elsewhere
files.remote.update | write | anywhere | bot | remote_files:write | Change a file that is stored elsewhere
files.revokePublicURL | destroy | anywhere | bot user | files:write | Take the public link of a file away
files.sharedPublicURL | write | anywhere | user | files:write | Create a public link to a file
pins.add | write | arguments | bot user | pins:write | Pin a message to a channel
pins.list | read | arguments | bot user | pins:read | List the pinned messages of a channel
pins.remove | destroy | arguments | bot user | pins:write | Unpin a message
reactions.add | write | arguments | bot user | reactions:write | Add an emoji reaction to a message
reactions.get | read | arguments | bot user | reactions:read | Read the reactions of a message
reactions.list | read | items.channel | bot user | reactions:read | List messages that a user reacted to
reactions.remove | destroy | arguments | bot user | reactions:write | Remove an emoji reaction
reminders.add | write | arguments | user | reminders:write | Create a reminder
reminders.complete | write | arguments | user | reminders:write | Mark a reminder as done
reminders.delete | destroy | arguments | user | reminders:write | Delete a reminder
reminders.info | read | arguments | user | reminders:read | Read a reminder
reminders.list | read | arguments | user | reminders:read | List reminders
search.all | read | anywhere | user | search:read | Search messages and files
search.files | read | anywhere | user | search:read | Search files
search.messages | read | anywhere | user | search:read | Search messages
slackLists.access.delete | destroy | anywhere | bot user | lists:write | Take access to a list away
slackLists.access.set | write | anywhere | bot user | lists:write | Give channels or users access to a list
slackLists.create | write | anywhere | bot user | lists:write | Create a list
slackLists.items.create | write | anywhere | bot user | lists:write | Add an item to a list
slackLists.items.delete | destroy | anywhere | bot user | lists:write | Delete an item of a list
slackLists.items.deleteMultiple | destroy | anywhere | bot user | lists:write | Delete several items of a list
slackLists.items.info | read | anywhere | bot user | lists:read | Read an item of a list
slackLists.items.list | read | anywhere | bot user | lists:read | Read the items of a list
slackLists.items.update | write | anywhere | bot user | lists:write | Change items of a list
slackLists.update | write | anywhere | bot user | lists:write | Change the name or description of a list
stars.add | write | arguments | user | stars:write | Save a message for later
stars.list | read | items.channel | user | stars:read | List saved messages
stars.remove | destroy | arguments | user | stars:write | Remove a saved message
team.billing.info | read | arguments | bot user | team.billing:read | Read the plan of the workspace
team.info | read | arguments | bot user | team:read | Read the name and domain of the workspace
team.preferences.list | read | arguments | bot user | team.preferences:read | Read the preferences of the workspace
team.profile.get | read | arguments | bot user | users.profile:read | List the profile fields of the workspace
usergroups.create | write | arguments | bot user | usergroups:write | Create a user group
usergroups.disable | destroy | arguments | bot user | usergroups:write | Disable a user group
usergroups.enable | write | arguments | bot user | usergroups:write | Enable a user group
usergroups.list | read | arguments | bot user | usergroups:read | List user groups
usergroups.update | write | arguments | bot user | usergroups:write | Change the name or handle of a user group
usergroups.users.list | read | arguments | bot user | usergroups:read | List the members of a user group
usergroups.users.update | destroy | arguments | bot user | usergroups:write | Replace the members of a user group
users.conversations | read | channels.id | bot user | ${READ} | List the channels of a user
users.deletePhoto | destroy | arguments | user | users.profile:write | Remove the own photo
users.getPresence | read | arguments | bot user | users:read | Read whether a user is active
users.info | read | arguments | bot user | users:read | Read a user
users.list | read | arguments | bot user | users:read | List the users of the workspace
users.lookupByEmail | read | arguments | bot user | users:read.email | Find a user by email address
users.profile.get | read | arguments | bot user | users.profile:read | Read a profile with its custom fields
users.profile.set | write | arguments | user | users.profile:write | Set the own status or profile fields
users.setPresence | write | arguments | bot user | users:write | Set the own presence to auto or away
`;

/** The facts by the name of the method. */
export const METHOD_FACTS: ReadonlyMap<string, MethodFacts> = new Map(
  FACTS.trim()
    .split('\n')
    .map((line) => {
      const [name = '', effect = '', reach = '', tokens = '', scopes = '', summary = ''] = line
        .split('|')
        .map((cell) => cell.trim());
      const facts = { effect, reach, tokens: tokens.split(' '), scopes: scopes.split(' ').filter(Boolean), summary };
      return [name, facts as MethodFacts];
    }),
);

/** Methods of Slack's client that are not in the table, by the reason. A name that ends with a dot is a whole family. */
export const LEFT_OUT_METHODS: Readonly<Record<string, readonly string[]>> = {
  'they administer an organization, a workspace or an app': [
    ...['admin.', 'apps.', 'migration.exchange', 'team.accessLogs', 'team.billableInfo', 'team.externalTeams.'],
    ...['team.integrationLogs', 'auth.teams.list', 'workflows.featured.'],
  ],
  'they exchange or revoke tokens': ['auth.revoke', 'oauth.', 'openid.', 'tooling.', 'users.identity'],
  'they answer interactions or events, whose ids a tool does not have': [
    ...['blocks.validate', 'chat.unfurl', 'dialog.open', 'entity.presentDetails', 'functions.', 'views.'],
  ],
  'they run the session of an agent, which the owner of the session does': [
    ...['agents.conversations.archive', 'agents.conversations.create', 'agents.conversations.listViews'],
    ...['agents.conversations.removeView', 'agents.conversations.setCanvasContent', 'agents.sessions.'],
    ...['agents.conversations.setCommands', 'agents.conversations.setProperties', 'agents.conversations.setView'],
    ...['assistant.', 'chat.appendStream', 'chat.startStream', 'chat.stopStream'],
  ],
  'they share a channel with another organization': [
    ...['conversations.acceptSharedInvite', 'conversations.approveSharedInvite', 'conversations.declineSharedInvite'],
    ...['conversations.externalInvitePermissions.', 'conversations.inviteShared', 'conversations.listConnectInvites'],
    ...['conversations.requestSharedInvite.', 'users.discoverableContacts.lookup'],
  ],
  'they upload or download bytes, which direct tools do': [
    ...['files.completeUploadExternal', 'files.getUploadURLExternal', 'slackLists.download.', 'users.setPhoto'],
  ],
  'they are retired or only test a connection': ['api.test', 'files.comments.delete', 'rtm.'],
};
