import type { Channel } from './model.ts';

/** A conversation with the given fields: open, without a topic, and without members unless `members` is given. */
export function newChannel(
  fields: Pick<Channel, 'id' | 'name' | 'type' | 'creator' | 'created'> & Partial<Channel>,
): Channel {
  return {
    isGeneral: false,
    isExtShared: false,
    isArchived: false,
    topic: '',
    purpose: '',
    members: new Set(),
    ...fields,
  };
}
