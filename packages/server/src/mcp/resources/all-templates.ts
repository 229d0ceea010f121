import { channelResource } from './channel.ts';
import { channelMessagesResource, threadMessagesResource } from './channel-messages.ts';
import { fileResource } from './file.ts';
import type { ResourceTemplate } from './resource-template.ts';
import { userResource } from './user.ts';

/** All templates, in listing order. */
export const allTemplates: readonly ResourceTemplate[] = [
  channelMessagesResource,
  threadMessagesResource,
  channelResource,
  userResource,
  fileResource,
];
