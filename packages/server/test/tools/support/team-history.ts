import type { MessageSeed, WorkspaceSeed } from '@slack-mcp/simulator';
import { botMessage } from './team-bots.ts';
import { PEOPLE, talk } from './team-talk.ts';

/** The channel of the team. */
export const TEAM_CHANNEL = 'C06TEAM0PAY';

/** Number of messages in the channel, without replies. */
export const TEAM_MESSAGES = 100;

const IDS = Object.keys(PEOPLE);
const EMOJI = ['+1', 'eyes', 'tada', 'white_check_mark', 'heart'];
const START_S = 1_795_420_800;

/**
 * A workspace with a channel of 100 messages, as teams write them: texts of 26 tokens on average, reactions on a fifth,
 * files on a tenth, some edited, threads, and bots with attachments and blocks.
 */
export function teamSeed(): WorkspaceSeed {
  const users = IDS.map((id, index) => {
    const realName = PEOPLE[id] as string;
    return { id, name: realName.split(' ')[0]?.toLowerCase() ?? `user-${index}`, realName };
  });
  const messages = Array.from({ length: TEAM_MESSAGES }, (_, index) => messageAt(index));
  const members = [...IDS, 'U0SIMULBOT'];
  const releases = { id: 'C06RELEASES', name: 'releases', members };
  return { users, channels: [{ id: TEAM_CHANNEL, name: 'team-payments', members, messages }, releases] };
}

function messageAt(index: number): MessageSeed {
  const isBot = index % 8 === 3;
  const reactions = index % 5 === 1 ? reactionsAt(index) : undefined;
  const replies = index % 10 === 4 ? repliesAt(index) : undefined;
  const rest = { ts: tsAt(index), ...(reactions && { reactions }), ...(replies && { replies }) };
  if (isBot) return { user: 'U0SIMULBOT', ...botMessage(index >> 3), ...rest };
  const user = personAt(index);
  const fields = {
    ...(index % 10 === 6 ? { files: [fileAt(index, user)], upload: false } : {}),
    ...(index % 16 === 9 ? { edited: { user, ts: tsAt(index, 95) } } : {}),
  };
  return { user, text: talk(index), ...rest, fields };
}

/** Returns the author of a message. People often write several messages in a row. */
function personAt(index: number): string {
  return IDS[(index * 5 + (index >> 1)) % IDS.length] as string;
}

/** Returns a time. Most messages come minutes after the previous message, some come a night later. */
function tsAt(index: number, later = 0): string {
  const seconds = START_S + index * 437 + Math.floor(index / 34) * 50_000 + later;
  return `${seconds}.${String((index * 104_729 + 40_009) % 1_000_000).padStart(6, '0')}`;
}

function reactionsAt(index: number): Record<string, string[]> {
  const first = EMOJI[index % EMOJI.length] as string;
  const second = EMOJI[(index + 2) % EMOJI.length] as string;
  return { [first]: IDS.slice(0, 1 + (index % 2)), ...(index % 2 === 0 ? { [second]: IDS.slice(3, 4) } : {}) };
}

function repliesAt(index: number): NonNullable<MessageSeed['replies']> {
  return Array.from({ length: 2 + (index % 4) }, (_, reply) => ({
    user: personAt(index + reply + 1),
    text: talk(index + 150 + reply),
    ts: tsAt(index, 30 + reply * 40),
  }));
}

/** Returns a file with the most important of the fields that Slack's answer has for a shared file. */
function fileAt(index: number, user: string) {
  const id = `F06${String(index).padStart(3, '0')}Q7KZM`;
  const isImage = index % 20 === 6;
  const name = isImage ? `screenshot-${index}.png` : `invoices-${index}.csv`;
  const base = `https://files.slack.com/files-pri/T0SIMULATR-${id}`;
  const path = `/${name}`;
  const [type, mime] = isImage ? ['png', 'image/png'] : ['csv', 'text/csv'];
  return {
    id,
    name,
    title: isImage ? `Screenshot ${index}` : name,
    mimetype: mime,
    filetype: type,
    user,
    size: 48_211 + index * 977,
    mode: 'hosted',
    is_external: false,
    url_private: base + path,
    permalink: `https://simulator.slack.com/files/${user}/${id}${path}`,
    ...(isImage && { original_w: 1_440, original_h: 900 }),
  };
}
