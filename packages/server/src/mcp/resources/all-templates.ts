import { channelResource } from './channel.ts';
import { channelMessagesResource, threadMessagesResource } from './channel-messages.ts';
import type { ResourceTemplate } from './resource-template.ts';
import { userResource } from './user.ts';

/** Every template there is, in the order in which clients see them. */
export const allTemplates: readonly ResourceTemplate[] = [
  channelMessagesResource,
  threadMessagesResource,
  channelResource,
  userResource,
];
