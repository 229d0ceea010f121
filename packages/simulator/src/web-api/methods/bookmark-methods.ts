import type { JsonObject } from '../../json.ts';
import { refuse } from '../../slack-api-error.ts';
import type { Bookmark } from '../../workspace/channel-headers.ts';
import type { Channel } from '../../workspace/model.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';

/** Maximum number of bookmarks in a conversation, as Slack documents it. */
const MOST_BOOKMARKS = 100;

// https://docs.slack.dev/reference/methods/bookmarks.add and the pages beside it
export const bookmarkMethods: Readonly<Record<string, Method>> = {
  'bookmarks.add': {
    tier: 2,
    scopes: ['bookmarks:write'],
    acceptsJson: true,
    run(call) {
      const { workspace, caller } = call;
      const channel = call.memberChannel('channel_id');
      const title = call.requiredText('title');
      if (call.requiredText('type') !== 'link') refuse('invalid_bookmark_type');
      const link = linkOf(call) ?? refuse('invalid_link');
      const bookmarks = workspace.headers.bookmarks(channel.id);
      if (bookmarks.length >= MOST_BOOKMARKS) refuse('too_many_bookmarks');
      const bookmark: Bookmark = {
        id: workspace.newId('Bk'),
        title,
        link,
        emoji: emojiOf(call) ?? '',
        created: workspace.clock.seconds(),
        updated: 0,
        updatedBy: caller,
      };
      bookmarks.push(bookmark);
      return { bookmark: render(call, channel, bookmark) };
    },
  },
  'bookmarks.edit': {
    tier: 2,
    scopes: ['bookmarks:write'],
    acceptsJson: true,
    run(call) {
      const { channel, bookmark } = bookmarkOf(call);
      bookmark.title = call.text('title') ?? bookmark.title;
      bookmark.link = linkOf(call) ?? bookmark.link;
      bookmark.emoji = emojiOf(call) ?? bookmark.emoji;
      bookmark.updated = call.workspace.clock.seconds();
      bookmark.updatedBy = call.caller;
      return { bookmark: render(call, channel, bookmark) };
    },
  },
  'bookmarks.list': {
    tier: 3,
    scopes: ['bookmarks:read'],
    acceptsJson: false,
    run(call) {
      const channel = call.memberChannel('channel_id');
      const bookmarks = call.workspace.headers.bookmarks(channel.id);
      return { bookmarks: bookmarks.map((bookmark) => render(call, channel, bookmark)) };
    },
  },
  'bookmarks.remove': {
    tier: 2,
    scopes: ['bookmarks:write'],
    acceptsJson: true,
    run(call) {
      const { channel, bookmark } = bookmarkOf(call);
      const bookmarks = call.workspace.headers.bookmarks(channel.id);
      bookmarks.splice(bookmarks.indexOf(bookmark), 1);
      return {};
    },
  },
};

function bookmarkOf(call: Call): { channel: Channel; bookmark: Bookmark } {
  const channel = call.memberChannel('channel_id');
  const asked = call.requiredText('bookmark_id');
  const bookmark = call.workspace.headers.bookmarks(channel.id).find(({ id }) => id === asked);
  return bookmark === undefined ? refuse('not_found') : { channel, bookmark };
}

function linkOf(call: Call): string | undefined {
  const link = call.text('link');
  return link === undefined || /^https?:\/\//.test(link) ? link : refuse('invalid_link');
}

function emojiOf(call: Call): string | undefined {
  const emoji = call.text('emoji');
  return emoji === undefined || /^:[^:\s]+:$/.test(emoji) ? emoji : refuse('invalid_emoji');
}

function render(call: Call, channel: Channel, { id, title, link, emoji, ...times }: Bookmark): JsonObject {
  return {
    id,
    channel_id: channel.id,
    title,
    link,
    emoji,
    icon_url: '',
    type: 'link',
    entity_id: null,
    date_created: times.created,
    date_updated: times.updated,
    rank: '',
    last_updated_by_user_id: times.updatedBy,
    last_updated_by_team_id: call.workspace.team.id,
    shortcut_id: null,
    app_id: null,
  };
}
