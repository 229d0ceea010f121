/** An event in Slack's format, about one kilobyte of JSON. */
export const slackEvent = {
  token: 'XXYYZZ',
  team_id: 'T123ABC456',
  context_team_id: 'T123ABC456',
  api_app_id: 'A123ABC456',
  event: {
    type: 'message',
    client_msg_id: '0e1f3a52-74a1-4a3c-9e0c-2f5b7f0b9c11',
    channel: 'C123ABC456',
    user: 'U123ABC456',
    team: 'T123ABC456',
    text: 'Live long and prosper, <@U061F7AUR>: the release of this week waits for two reviews. Who has an hour? 🖖',
    blocks: [
      {
        type: 'rich_text',
        block_id: 'm29zq',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'Live long and prosper, ' },
              { type: 'user', user_id: 'U061F7AUR' },
              { type: 'text', text: ': the release of this week waits for two reviews. Who has an hour? ' },
              { type: 'emoji', name: 'spock-hand', unicode: '1f596' },
            ],
          },
        ],
      },
    ],
    ts: '1355517523.000005',
    event_ts: '1355517523.000005',
    channel_type: 'channel',
  },
  type: 'event_callback',
  event_id: 'Ev123ABC456',
  event_time: 1355517523,
  authorizations: [{ team_id: 'T123ABC456', user_id: 'U123ABC456', is_bot: true, is_enterprise_install: false }],
  is_ext_shared_channel: false,
};
