import { isObject, stringOf } from '../../tools/messages/json-fields.ts';
import { NOTICE, type ResourceTemplate } from './resource-template.ts';

/** The resource `slack://users/{user}`, with a user's profile but without email addresses and phone numbers. */
export const userResource: ResourceTemplate = {
  path: 'users/{user}',
  name: 'user',
  title: 'A user',
  description: 'Names, title and time zone of a Slack user. Identify the user by id or name.',
  toolset: 'messages',
  async read({ user = '' }, { slack, signal }) {
    const answer = await slack.call('users.info', { user }, { signal });
    const info = isObject(answer['user']) ? answer['user'] : {};
    const profile = isObject(info['profile']) ? info['profile'] : {};
    return {
      id: user,
      notice: NOTICE,
      name: stringOf(info['name']),
      real_name: stringOf(info['real_name'] ?? profile['real_name']),
      display_name: stringOf(profile['display_name']),
      title: stringOf(profile['title']),
      time_zone: stringOf(info['tz']),
      is_bot: info['is_bot'] === true,
      is_deactivated: info['deleted'] === true,
    };
  },
};
