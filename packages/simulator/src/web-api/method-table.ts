import type { Method } from './method.ts';
import { appMethods } from './methods/app-methods.ts';
import { authMethods } from './methods/auth-methods.ts';
import { chatMethods } from './methods/chat-methods.ts';
import { conversationReadMethods } from './methods/conversation-read-methods.ts';
import { conversationWriteMethods } from './methods/conversation-write-methods.ts';
import { emojiMethods } from './methods/emoji-methods.ts';
import { fileMethods } from './methods/file-methods.ts';
import { reactionMethods } from './methods/reaction-methods.ts';
import { scheduledMessageMethods } from './methods/scheduled-message-methods.ts';
import { searchMethods } from './methods/search-methods.ts';
import { userMethods } from './methods/user-methods.ts';
import { usergroupMethods } from './methods/usergroup-methods.ts';

/** All Web API methods of the simulator, by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...appMethods,
    ...authMethods,
    ...chatMethods,
    ...conversationReadMethods,
    ...conversationWriteMethods,
    ...emojiMethods,
    ...fileMethods,
    ...reactionMethods,
    ...scheduledMessageMethods,
    ...searchMethods,
    ...userMethods,
    ...usergroupMethods,
  }),
);
