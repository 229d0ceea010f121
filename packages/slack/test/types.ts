import type { ChatPostMessageArguments, ChatPostMessageResponse, ConversationsListResponse } from '@slack/web-api';
import { expectTypeOf } from 'vitest';
import type { SlackAnswer, SlackArguments, SlackClient, SlackMethod } from '../src/index.ts';

// Checked only by the compiler.
export function methodsHaveTheTypesOfSlacksClient(client: SlackClient): void {
  expectTypeOf<SlackAnswer<'chat.postMessage'>>().toEqualTypeOf<ChatPostMessageResponse>();
  expectTypeOf<SlackArguments<'chat.postMessage'>>().toExtend<ChatPostMessageArguments>();
  expectTypeOf(client.call('conversations.list')).toEqualTypeOf<Promise<ConversationsListResponse>>();
  expectTypeOf<'admin.conversations.bulkArchive'>().toExtend<SlackMethod>();
  expectTypeOf<'slackLists.items.deleteMultiple'>().toExtend<SlackMethod>();
  // The client's own methods, which read files or call any method.
  expectTypeOf<'files.uploadV2'>().not.toExtend<SlackMethod>();
  expectTypeOf<'filesUploadV2'>().not.toExtend<SlackMethod>();
  expectTypeOf<'apiCall'>().not.toExtend<SlackMethod>();
  expectTypeOf<'on'>().not.toExtend<SlackMethod>();
}
