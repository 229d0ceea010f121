import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { sampleSets } from '@slack-mcp/test-support/samples';
import { describe, expect, it } from 'vitest';
import { messageLine } from '../../../src/tools/messages/message-lines.ts';
import { plainMarkup } from '../../../src/tools/messages/plain-markup.ts';
import { toSlackMessage } from '../../../src/tools/messages/slack-message.ts';

/** Every block and element of Block Kit, with a text, a name or a URL in each field that can contain one. */
const BLOCKS: readonly JsonObject[] = [
  { type: 'header', text: plain('in header') },
  { type: 'markdown', text: 'in markdown' },
  {
    type: 'section',
    text: mrkdwn('in section'),
    fields: [mrkdwn('field one'), plain('field two')],
    accessory: button('accessory'),
  },
  { type: 'context', elements: [mrkdwn('in context'), image('context image')] },
  {
    type: 'context_actions',
    elements: [feedback(), { type: 'icon_button', icon: 'trash', text: plain('icon button') }],
  },
  { type: 'actions', elements: [button('action button'), ...selects(), ...choices(), workflowButton()] },
  { type: 'image', title: plain('image title'), alt_text: 'image alt', image_url: 'https://image.example/block.png' },
  { type: 'image', alt_text: 'slack file image', slack_file: { url: 'https://files.slack.com/in-image.png' } },
  {
    type: 'video',
    title: plain('video title'),
    title_url: 'https://video.example/watch',
    author_name: 'video author',
    provider_name: 'video provider',
    provider_icon_url: 'https://video.example/icon.png',
    description: plain('video description'),
    video_url: 'https://video.example/embed',
    thumbnail_url: 'https://video.example/thumb.png',
    alt_text: 'video alt',
  },
  {
    type: 'file',
    source: 'remote',
    external_id: 'x',
    file: { name: 'remote file', permalink: 'https://file.example/1' },
  },
  {
    type: 'input',
    label: plain('input label'),
    hint: plain('input hint'),
    element: { type: 'plain_text_input', placeholder: plain('input placeholder') },
  },
  { type: 'alert', level: 'error', text: mrkdwn('in alert') },
  card('card'),
  { type: 'carousel', elements: [card('carousel one'), card('carousel two')] },
  {
    type: 'container',
    title: plain('container title'),
    subtitle: mrkdwn('container subtitle'),
    child_blocks: [{ type: 'header', text: plain('contained') }],
  },
  { type: 'container', rich_text_title: rich({ type: 'text', text: 'rich container title' }) },
  { type: 'plan', title: 'plan title', tasks: [task('planned')] },
  task('single task'),
  { type: 'table', rows: [[raw('cell one'), rich({ type: 'link', url: 'https://cell.example', text: 'cell link' })]] },
  {
    type: 'data_table',
    caption: 'table caption',
    rows: [[raw('data cell'), { type: 'raw_number', value: 4711, text: '4,711' }]],
  },
  {
    type: 'call',
    call: {
      v1: {
        name: 'call name',
        join_url: 'https://call.example/join',
        desktop_app_join_url: 'https://call.example/app',
      },
    },
  },
  {
    type: 'kind_of_2031',
    heading: { text: 'unknown heading' },
    parts: [{ description: 'unknown part', link: 'https://unknown.example' }],
  },
  rich(
    { type: 'text', text: 'rich text' },
    { type: 'link', url: 'https://rich.example', text: 'rich label' },
    { type: 'link', url: 'https://bare.example' },
    { type: 'user', user_id: 'U0RICHUSER' },
    { type: 'channel', channel_id: 'C0RICHCHAN' },
    { type: 'usergroup', usergroup_id: 'S0RICHGROUP' },
    { type: 'team', team_id: 'T0RICHTEAM' },
    { type: 'broadcast', range: 'here' },
    { type: 'emoji', name: 'rich_emoji' },
    { type: 'date', timestamp: 1700000000, format: '{date}', fallback: 'rich date', url: 'https://date.example' },
    { type: 'color', value: '#a1b2c3' },
    {
      type: 'inline_of_2031',
      name: 'unknown inline',
      sources: [{ title: 'inline source', url: 'https://inline.example' }],
    },
  ),
  {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_list', style: 'bullet', indent: 1, elements: [section('list item')] },
      { type: 'rich_text_list', style: 'ordered', offset: 4, elements: [section('fifth item')] },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'quoted' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'preformatted' }] },
    ],
  },
];

const ATTACHMENTS: readonly JsonObject[] = [
  {
    pretext: 'pretext',
    author_name: 'author',
    author_subname: 'author subname',
    author_link: 'https://author.example',
    title: 'attachment title',
    title_link: 'https://title.example',
    text: 'attachment text',
    fields: [{ title: 'field title', value: 'field value' }],
    actions: [
      { type: 'button', text: 'old button', url: 'https://old.example' },
      {
        type: 'select',
        text: 'old menu',
        options: [{ text: 'old choice', description: 'old description', value: '1' }],
        option_groups: [{ text: 'old group', options: [{ text: 'grouped choice', value: '2' }] }],
        confirm: { title: 'old question', text: 'old warning' },
      },
    ],
    image_url: 'https://image.example/attached.png',
    thumb_url: 'https://image.example/thumb.png',
    service_name: 'service',
    service_url: 'https://service.example',
    from_url: 'https://from.example',
    original_url: 'https://original.example',
    footer: 'footer',
    blocks: [{ type: 'header', text: plain('attached header') }],
  },
  {
    is_msg_unfurl: true,
    text: 'shared',
    message_blocks: [{ message: { blocks: [{ type: 'header', text: plain('shared header') }] } }],
  },
  { text: 'outer', attachments: [{ title: 'inner', text: 'inner text' }] },
  { files: [{ name: 'attached file', title: 'attached title', permalink: 'https://file.example/attached' }] },
  { filename: 'attachment file', url: 'https://file.example/alone' },
];

function plain(text: string): JsonObject {
  return { type: 'plain_text', text, emoji: true };
}
function mrkdwn(text: string): JsonObject {
  return { type: 'mrkdwn', text, verbatim: false };
}
function button(text: string): JsonObject {
  return { type: 'button', text: plain(text), action_id: 'a', url: `https://button.example/${text.replace(' ', '-')}` };
}
function image(text: string): JsonObject {
  return { type: 'image', alt_text: text, image_url: `https://image.example/${text.replace(' ', '-')}.png` };
}
function raw(text: string): JsonObject {
  return { type: 'raw_text', text };
}
function section(text: string): JsonObject {
  return { type: 'rich_text_section', elements: [{ type: 'text', text }] };
}
function rich(...elements: JsonObject[]): JsonObject {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}
function feedback(): JsonObject {
  return {
    type: 'feedback_buttons',
    positive_button: { text: plain('good') },
    negative_button: { text: plain('bad') },
  };
}
function workflowButton(): JsonObject {
  return {
    type: 'workflow_button',
    text: plain('run workflow'),
    workflow: { trigger: { url: 'https://workflow.example' } },
  };
}
function card(name: string): JsonObject {
  return {
    type: 'card',
    hero_image: image(`${name} hero`),
    icon: image(`${name} icon`),
    title: mrkdwn(`${name} title`),
    subtitle: mrkdwn(`${name} subtitle`),
    body: mrkdwn(`${name} body`),
    actions: [button(`${name} action`)],
  };
}
function task(name: string): JsonObject {
  return {
    type: 'task_card',
    task_id: 't',
    title: name,
    details: rich({ type: 'text', text: `${name} details` }),
    output: rich({ type: 'text', text: `${name} output` }),
    sources: [{ type: 'url', url: `https://source.example/${name.replace(' ', '-')}`, text: `${name} source` }],
  };
}
function selects(): JsonObject[] {
  const kinds = ['static_select', 'users_select', 'conversations_select', 'channels_select', 'external_select'];
  return kinds.flatMap((type) => [
    { type, placeholder: plain(`choose ${type}`) },
    {
      type: `multi_${type}`,
      placeholder: plain(`choose multi ${type}`),
      options: [{ text: plain(`option of ${type}`), value: 'v' }],
    },
  ]);
}
function choices(): JsonObject[] {
  const option = (text: string): JsonObject => ({
    text: plain(text),
    value: 'v',
    description: plain(`${text} description`),
  });
  return [
    { type: 'checkboxes', options: [option('check')] },
    { type: 'radio_buttons', options: [option('radio')] },
    { type: 'overflow', options: [{ text: plain('more'), value: 'v', url: 'https://overflow.example' }] },
    { type: 'datepicker', placeholder: plain('pick a date') },
    { type: 'timepicker', placeholder: plain('pick a time') },
  ];
}

/** Fields with text that people read, and every URL, in blocks, attachments and files. */
const READ =
  /^(text|title|subtitle|name|label|description|hint|placeholder|alt_text|pretext|footer|author_name|author_subname|service_name|provider_name|caption|filename|value_of_field)$/;

function contentOf(value: JsonValue | undefined, name = ''): string[] {
  if (typeof value === 'string') {
    if (value.trim() === '') return [];
    if (/^https?:\/\//.test(value)) return [value];
    return READ.test(name) ? [value] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item) => contentOf(item, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => contentOf(inner, field));
}

const decoded = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

function missing(message: JsonObject): string[] {
  const converted = toSlackMessage(message);
  const shown = JSON.parse(JSON.stringify(converted)) as JsonObject;
  const said = Object.values(shown).map(String).join('\n');
  // The compact text indents the lines of a message.
  const line = messageLine(converted).replaceAll('\n ', '\n');
  const payload = {
    text: message['text'] ?? '',
    blocks: message['blocks'] ?? [],
    attachments: message['attachments'] ?? [],
  };
  return contentOf(payload as JsonObject).filter((content) => {
    const text = decoded(content).trim();
    return !said.includes(text) || !line.includes(plainMarkup(text));
  });
}

describe('the content of a message', () => {
  it.each(BLOCKS.map((block) => [String(block['type']), block] as const))(
    'is in the rendering of a block %s',
    (_type, block) => {
      expect(contentOf(block).length).toBeGreaterThan(0);
      expect(missing({ ts: '1700000000.000100', text: 'Notification', blocks: [block] })).toEqual([]);
    },
  );

  it.each(ATTACHMENTS.map((attachment, index) => [index, attachment] as const))(
    'is in the rendering of attachment %i',
    (_index, attachment) => {
      expect(missing({ ts: '1700000000.000100', text: 'Notification', attachments: [attachment] })).toEqual([]);
    },
  );

  it('is in the rendering of all of them together, in order', () => {
    const message = {
      ts: '1700000000.000100',
      text: 'Notification',
      blocks: [...BLOCKS],
      attachments: [...ATTACHMENTS],
    };
    expect(missing(message)).toEqual([]);
    const { text } = toSlackMessage(message);
    const places = [
      'Notification',
      'in header',
      'in section',
      'plan title',
      'rich text',
      'pretext',
      'attachment title',
      'shared header',
    ];
    const order = places.map((place) => text.indexOf(place));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it.each(['user_id', 'channel_id', 'usergroup_id', 'team_id'])('includes the id of a mention: %s', (field) => {
    const { text } = toSlackMessage({ ts: '1700000000.000100', text: '', blocks: [...BLOCKS] });
    const ids = JSON.stringify(BLOCKS).match(new RegExp(`"${field}":"(\\w+)"`));
    expect(text).toContain(ids?.[1]);
  });
});

it.each(await sampleSets())('is complete for the messages of $origin', ({ events }) => {
  const messages = events
    .map(({ text }) => JSON.parse(text).event as JsonObject)
    .filter(({ type }) => type === 'message');
  expect(messages.length).toBeGreaterThan(0);
  for (const message of messages) expect(missing(message), String(message['subtype'])).toEqual([]);
});

it('contains numbers of attachments, the cells of a table in their columns, and what is selected in a form', () => {
  const { text } = toSlackMessage({
    ts: '1700000000.000100',
    text: '',
    blocks: [
      { type: 'table', rows: [[raw('first'), null, 'third']] },
      { type: 'input', label: plain('Name'), element: { type: 'plain_text_input', initial_value: 'prefilled' } },
      {
        type: 'actions',
        elements: [
          { type: 'datepicker', initial_date: '2026-12-01' },
          { type: 'datetimepicker', initial_date_time: 1700000000 },
          { type: 'users_select', initial_user: 'U0ALICE001' },
          { type: 'conversations_select', initial_conversation: 'C0GENERAL1' },
        ],
      },
    ],
    attachments: [{ fields: [{ title: 'Failed', value: 42 }] }],
  });
  expect(text.split('\n')).toEqual([
    'first |  | third',
    'Name',
    'prefilled',
    '2026-12-01 2023-11-14T22:13:20Z <@U0ALICE001> <#C0GENERAL1>',
    'Failed: 42',
  ]);
});

it.each([
  ['-5', '5'],
  ['2*3*4', '234'],
  ['my_var_name', 'myvarname'],
])('contains the text %s beside a block with %s', (text, other) => {
  const shown = toSlackMessage({ ts: '1700000000.000100', text, blocks: [{ type: 'section', text: mrkdwn(other) }] });
  expect(shown.text).toBe(`${text}\n${other}`);
});
