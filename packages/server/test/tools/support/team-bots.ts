import type { MessageSeed } from '@slack-mcp/simulator';

type Fields = NonNullable<MessageSeed['fields']>;

/** A message of a bot, without its time. */
export type BotMessage = Pick<MessageSeed, 'text'> & { fields: Fields };

/** Returns the message of one of the bots: a build server, a code host, a monitor and a form. */
export function botMessage(index: number): BotMessage {
  const kinds = [build, pullRequest, alert, request] as const;
  return (kinds[index % kinds.length] as (index: number) => BotMessage)(index);
}

function author(id: string, name: string): Fields {
  const bot_profile = {
    id,
    deleted: false,
    name,
    updated: 1_760_000_000,
    app_id: `A${id.slice(1)}`,
    user_id: `U${id.slice(1)}`,
    icons: {},
    team_id: 'T0SIMULATR',
  };
  return { subtype: 'bot_message', bot_id: id, app_id: bot_profile.app_id, username: name, bot_profile };
}

/** An attachment of the older form, and no text. */
function build(index: number): BotMessage {
  const number = 7_310 + index;
  const passed = index % 8 !== 0;
  const attachment = {
    id: 1,
    color: passed ? '2eb886' : 'a30200',
    fallback: `Build #${number} ${passed ? 'passed' : 'failed'}`,
    title: `Build #${number} ${passed ? 'passed' : 'failed'} on main`,
    title_link: `https://ci.example.com/shop/builds/${number}`,
    fields: [
      { title: 'Duration', value: '6 min 12 s', short: true },
      { title: 'Commit', value: 'a91f3c7', short: true },
    ],
    footer: 'CI',
    mrkdwn_in: ['text' as const],
  };
  return { text: '', fields: { ...author('B06BU1LDB0T', 'Build'), blocks: [], attachments: [attachment] } };
}

/** A notification text, and blocks in an attachment. */
function pullRequest(index: number): BotMessage {
  const number = 4_800 + index;
  const link = `<https://github.com/example/shop/pull/${number}|#${number} Export invoices as CSV>`;
  const attachment = {
    id: 1,
    color: '36a64f',
    fallback: '[no preview available]',
    blocks: [
      { type: 'section', block_id: `pr${index}`, text: { type: 'mrkdwn', text: link, verbatim: false } },
      {
        type: 'context',
        block_id: `ctx${index}`,
        elements: [{ type: 'mrkdwn', text: '3 files changed, 2 reviewers', verbatim: false }],
      },
    ],
  };
  return {
    text: 'Pull request opened by erin',
    fields: { ...author('B06C0DEH0ST', 'Code'), blocks: [], attachments: [attachment] },
  };
}

/** Blocks with a header, fields and buttons, and a notification text that repeats the header. */
function alert(index: number): BotMessage {
  const title = `High error rate on checkout-api (${index})`;
  const blocks = [
    { type: 'header', block_id: `h${index}`, text: { type: 'plain_text', text: title, emoji: true } },
    {
      type: 'section',
      block_id: `f${index}`,
      fields: [
        { type: 'mrkdwn', text: '*Errors:* 4.2 %', verbatim: false },
        { type: 'mrkdwn', text: '*Since:* 14:05 UTC', verbatim: false },
      ],
    },
    {
      type: 'actions',
      block_id: `a${index}`,
      elements: [
        {
          type: 'button',
          action_id: 'open',
          text: { type: 'plain_text', text: 'Open runbook', emoji: true },
          url: 'https://runbooks.example.com/checkout',
        },
      ],
    },
  ] as NonNullable<Fields['blocks']>;
  return { text: title, fields: { ...author('B06M0N1T0RX', 'Monitor'), blocks } };
}

/** A form's answer with rich text. */
function request(index: number): BotMessage {
  const line = `Access request ${index}: read access to the invoices bucket until the end of the month`;
  const blocks = [
    {
      type: 'rich_text',
      block_id: `r${index}`,
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: line, style: { bold: true } }] },
        {
          type: 'rich_text_list',
          style: 'bullet',
          indent: 0,
          border: 0,
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: 'for ' },
                { type: 'user', user_id: 'U06CAR0L4ZN' },
              ],
            },
          ],
        },
      ],
    },
  ] as NonNullable<Fields['blocks']>;
  return { text: `*${line}*\n• for <@U06CAR0L4ZN>`, fields: { ...author('B06F0RMSB0T', 'Forms'), blocks } };
}
