import type { Method } from './method.ts';
import { agentMethods } from './methods/agent-methods.ts';
import { appMethods } from './methods/app-methods.ts';
import { authMethods } from './methods/auth-methods.ts';
import { bookmarkMethods } from './methods/bookmark-methods.ts';
import { callMethods } from './methods/call-methods.ts';
import { canvasMethods } from './methods/canvas-methods.ts';
import { channelManageMethods } from './methods/channel-manage-methods.ts';
import { chatMethods } from './methods/chat-methods.ts';
import { conversationReadMethods } from './methods/conversation-read-methods.ts';
import { conversationWriteMethods } from './methods/conversation-write-methods.ts';
import { dndMethods } from './methods/dnd-methods.ts';
import { emojiMethods } from './methods/emoji-methods.ts';
import { fileListMethods } from './methods/file-list-methods.ts';
import { fileMethods } from './methods/file-methods.ts';
import { listMethods } from './methods/list-methods.ts';
import { pinMethods } from './methods/pin-methods.ts';
import { profileMethods } from './methods/profile-methods.ts';
import { reactionMethods } from './methods/reaction-methods.ts';
import { realTimeSearchMethods } from './methods/real-time-search-methods.ts';
import { reminderMethods } from './methods/reminder-methods.ts';
import { remoteFileMethods } from './methods/remote-file-methods.ts';
import { scheduledMessageMethods } from './methods/scheduled-message-methods.ts';
import { searchMethods } from './methods/search-methods.ts';
import { starMethods } from './methods/star-methods.ts';
import { teamMethods } from './methods/team-methods.ts';
import { userMethods } from './methods/user-methods.ts';
import { usergroupManageMethods } from './methods/usergroup-manage-methods.ts';
import { usergroupMethods } from './methods/usergroup-methods.ts';

/** All Web API methods of the simulator, by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...agentMethods,
    ...appMethods,
    ...authMethods,
    ...bookmarkMethods,
    ...channelManageMethods,
    ...callMethods,
    ...canvasMethods,
    ...chatMethods,
    ...conversationReadMethods,
    ...conversationWriteMethods,
    ...dndMethods,
    ...emojiMethods,
    ...fileListMethods,
    ...fileMethods,
    ...pinMethods,
    ...profileMethods,
    ...listMethods,
    ...realTimeSearchMethods,
    ...reactionMethods,
    ...reminderMethods,
    ...remoteFileMethods,
    ...scheduledMessageMethods,
    ...searchMethods,
    ...starMethods,
    ...teamMethods,
    ...userMethods,
    ...usergroupManageMethods,
    ...usergroupMethods,
  }),
);
