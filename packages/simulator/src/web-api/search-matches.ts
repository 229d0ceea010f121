import { compareTs } from '../workspace/clock.ts';
import type { Channel, Message } from '../workspace/model.ts';
import type { SharedFile } from '../workspace/shared-files.ts';
import type { Call } from './call.ts';
import type { SearchQuery } from './search-query.ts';

/** A message that matches a search query. */
export interface MessageMatch {
  readonly channel: Channel;
  readonly message: Message;
}

/** Returns the messages that match, in the conversations that the person can see, oldest first. */
export function matchingMessages(call: Call, query: SearchQuery): MessageMatch[] {
  return call.workspace.channels
    .filter((channel) => channel.isHidden !== true && call.sees(channel) && query.includesChannel(channel))
    .flatMap((channel) => call.workspace.messages(channel.id).map((message) => ({ channel, message })))
    .filter(({ message }) => query.includesMessage(message))
    .sort((a, b) => compareTs(a.message.ts, b.message.ts));
}

/** Returns the files that match by name, title or text, in the conversations that the person can see, oldest first. */
export function matchingFiles(call: Call, query: SearchQuery): SharedFile[] {
  const { workspace } = call;
  return workspace.uploads.files.all
    .filter((file) => {
      const text = file.mimetype.startsWith('text/') ? Buffer.from(file.bytes).toString() : '';
      const asMessage = { text: `${file.name} ${file.title} ${text}`, user: file.user, ts: `${file.created}.000000` };
      return (
        query.includesMessage({ type: 'message', ...asMessage }) &&
        file.shares.some(({ channel: id }) => {
          const channel = workspace.channel(id);
          return call.sees(channel) && query.includesChannel(channel);
        })
      );
    })
    .sort((a, b) => a.created - b.created);
}
