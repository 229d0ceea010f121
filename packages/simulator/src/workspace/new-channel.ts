import type { Channel } from './model.ts';

/** A conversation with the fields given, open, without a topic, and empty unless `members` says otherwise. */
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
