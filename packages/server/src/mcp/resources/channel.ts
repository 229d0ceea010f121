import { isObject, stringOf } from '../../tools/messages/json-fields.ts';
import { NOTICE, type ResourceTemplate } from './resource-template.ts';

/** The resource `slack://channels/{channel}`, with the metadata of a channel. */
export const channelResource: ResourceTemplate = {
  path: 'channels/{channel}',
  name: 'channel',
  title: 'A channel',
  description: 'Name, topic, purpose and type of a Slack channel. Identify the channel by id or name.',
  toolset: 'messages',
  async read({ channel }, { slack, signal }) {
    const answer = await slack.call('conversations.info', { channel, include_num_members: true }, { signal });
    const info = isObject(answer['channel']) ? answer['channel'] : {};
    const textOf = (part: string) => (isObject(info[part]) ? stringOf(info[part]['value']) : '');
    return {
      id: channel ?? '',
      notice: NOTICE,
      name: stringOf(info['name']),
      topic: textOf('topic'),
      purpose: textOf('purpose'),
      members: info['num_members'],
      is_private: info['is_private'] === true,
      is_direct: info['is_im'] === true || info['is_mpim'] === true,
      is_archived: info['is_archived'] === true,
      is_shared: info['is_ext_shared'] === true,
    };
  },
};
