import type { Channel } from './model.ts';

/**
 * Creates a conversation with the given fields. By default, the conversation is not archived and has no topic and no
 * members.
 */
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
