/** A message that is pinned to its channel. */
export interface Pin {
  readonly ts: string;
  readonly createdBy: string;
  /** The time at which the message was pinned, in seconds since the epoch. */
  readonly created: number;
}

/** A link in the header of a channel. */
export interface Bookmark {
  readonly id: string;
  title: string;
  link: string;
  emoji: string;
  readonly created: number;
  /** The time of the last change, in seconds since the epoch; 0 without a change. */
  updated: number;
  updatedBy: string;
}

/** The pinned messages and the bookmarks of each channel, by channel id, in the order in which they were added. */
export class ChannelHeaders {
  readonly #pins = new Map<string, Pin[]>();
  readonly #bookmarks = new Map<string, Bookmark[]>();

  pins(channel: string): Pin[] {
    return listOf(this.#pins, channel);
  }

  bookmarks(channel: string): Bookmark[] {
    return listOf(this.#bookmarks, channel);
  }
}

function listOf<T>(lists: Map<string, T[]>, channel: string): T[] {
  const list = lists.get(channel) ?? [];
  lists.set(channel, list);
  return list;
}
