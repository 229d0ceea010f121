import type { Channel, Message } from '../workspace/model.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** A search query: what conversations and messages must match. */
export interface SearchQuery {
  includesChannel(channel: Channel): boolean;
  includesMessage(message: Message): boolean;
}

const TERM = /(-?)(?:(in|from|before|after|on):)?("[^"]*"|<[^>]*>|\S+)/gi;

const DAY_S = 86_400;

/**
 * Parses words, phrases and the modifiers `in:`, `from:`, `before:`, `after:` and `on:`
 * (https://slack.com/help/articles/202528808). Days are in UTC, and words also match inside other words.
 */
export function parseSearchQuery(workspace: Workspace, caller: string, text: string): SearchQuery {
  const channelTests: ((channel: Channel) => boolean)[] = [];
  const messageTests: ((message: Message) => boolean)[] = [];
  for (const [, sign, modifier, term = ''] of text.matchAll(TERM)) {
    const wanted = sign !== '-';
    const value = term.replace(/^"(.*)"$/, '$1');
    const name = value.replace(/^<?[#@]?/, '').replace(/(\|[^>]*)?>$/, '');
    switch (modifier?.toLowerCase()) {
      case 'in': {
        const id = workspace.findChannel(name)?.id;
        channelTests.push((channel) => (channel.id === id) === wanted);
        break;
      }
      case 'from': {
        const id = name === 'me' ? caller : workspace.findUser(name)?.id;
        messageTests.push(({ user }) => (user === id) === wanted);
        break;
      }
      case 'before':
        messageTests.push(({ ts }) => Number(ts) < dayOf(value) === wanted);
        break;
      case 'after':
        messageTests.push(({ ts }) => Number(ts) >= dayOf(value) + DAY_S === wanted);
        break;
      case 'on':
        messageTests.push(({ ts }) => (Number(ts) >= dayOf(value) && Number(ts) < dayOf(value) + DAY_S) === wanted);
        break;
      default:
        messageTests.push((message) => message.text.toLowerCase().includes(value.toLowerCase()) === wanted);
    }
  }
  return {
    includesChannel: (channel) => channelTests.every((test) => test(channel)),
    includesMessage: (message) => messageTests.every((test) => test(message)),
  };
}

/** Returns the start of a day in UTC, in seconds since the epoch, or NaN if the text is not a date. */
function dayOf(text: string): number {
  return Date.parse(`${text}T00:00:00Z`) / 1000;
}
