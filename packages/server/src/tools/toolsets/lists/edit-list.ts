import type { JsonObject } from '@slack-mcp/core';
import { SlackError, SlackNetworkError } from '@slack-mcp/slack';
import { z } from 'zod';
import { channelArgument, fileArgument, idempotencyKeyArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { explanationOf } from '../../explained-error.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { oncePerKey } from '../../once-per-key.ts';
import type { ToolContext } from '../../tool-context.ts';
import { ToolError } from '../../tool-error.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
import { passEditableFile } from '../files/editable-file.ts';
import { readableFile } from '../files/readable-file.ts';
import { fieldValue } from './field-value.ts';
import { columnNamed, columnsOf } from './list-columns.ts';
import { columnsArgument, schemaOf } from './new-columns.ts';

function input() {
  return z
    .strictObject({
      action: z.enum(['create', 'add_item', 'update_item']),
      list: fileArgument().optional().describe('List id (F0123456789) or link; not for create'),
      item: z.string().min(1).max(50).optional().describe('Id of the item, for update_item'),
      fields: z.record(z.string(), z.unknown()).optional().describe('Values by name of column'),
      name: z.string().min(1).max(255).optional().describe('Name of a new list'),
      channel: channelArgument().optional().describe('Channel whose members may edit the new list'),
      columns: columnsArgument(),
      idempotency_key: idempotencyKeyArgument(),
    })
    .check(({ value, issues }) => {
      const { action } = value;
      const isNew = action === 'create';
      const needed = isNew ? ['name', 'channel'] : ['list', 'fields', ...(action === 'update_item' ? ['item'] : [])];
      const unfit = isNew
        ? ['list', 'item', 'fields']
        : ['name', 'channel', 'columns', ...(action === 'add_item' ? ['item'] : [])];
      const given = value as Readonly<Record<string, unknown>>;
      const refuse = (name: string, message: string): void => {
        issues.push({ code: 'custom', path: [name], message, input: value });
      };
      for (const name of needed) if (given[name] === undefined) refuse(name, `needed for ${action}`);
      for (const name of unfit) if (given[name] !== undefined) refuse(name, `not for ${action}`);
      if (!isNew && value.fields !== undefined && Object.keys(value.fields).length === 0) refuse('fields', 'is empty');
    });
}

/** The tool `slack_edit_list`, which creates lists, and adds and changes their items. */
export const editListTool: Tool = defineTool({
  name: 'slack_edit_list',
  title: 'Create or edit a list',
  description:
    'Create a Slack list, add an item to a list, or change fields of an item. Read the columns first with slack_read_list.',
  input,
  output: () => z.object({ list: z.string(), item: z.string().optional(), channel: z.string().optional() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
  scopes: ['lists:write'],
  moreScopes: ['files:read'],
  usage: {
    title: 'How to create or edit a list',
    arguments: [CHANNEL_USAGE],
    when: 'people keep tasks or records in a list of Slack',
    guidance: [
      'fields: an object such as {"Name": "Call Bob", "Status": "Open", "Assignee": "@alice", "Due date": "2026-03-01"}. Names of columns and choices as slack_read_list shows them.',
      'update_item changes only the given fields, and overwrites their values.',
      'columns: the first column is a text, the name of each item. A select needs choices.',
      'Lists need a paid plan of Slack. The server cannot write columns with files, votes or formulas.',
    ],
  },
  async run({ action, idempotency_key: key, ...given }, context) {
    if (action !== 'create') {
      const { list = '', item, fields = {} } = given;
      return changeItem({ list, item, fields }, key, context);
    }
    const { name = '', channel = '', columns } = given;
    return createList({ name, channel, columns }, key, context);
  },
});

interface NewList {
  readonly name: string;
  readonly channel: string;
  readonly columns: readonly unknown[] | undefined;
}

async function createList({ name, channel, columns }: NewList, key: string | undefined, context: ToolContext) {
  const { slack, channels, signal } = context;
  const id = await channels.resolve(channel, { signal });
  const schema = columns === undefined ? {} : { schema: schemaOf(columns) };
  const content = { list: name, channel: id, ...schema };
  const run = async (): Promise<JsonObject> => {
    const list = stringOf((await slack.call('slackLists.create', { name, ...schema }, { signal }))['list_id']);
    // It is unknown whether a list without an id exists.
    if (list === '') throw new SlackNetworkError('slackLists.create', 'invalid_answer');
    try {
      const access = { list_id: list, access_level: 'write', channel_ids: [id] };
      await slack.call('slackLists.access.set', access, { signal });
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      const message = `The list ${list} was created, but the channel has no access. ${explanationOf(error)}`;
      throw new ToolError(message, { list }, { nextStep: 'Do not create it again: share it in Slack.', cause: error });
    }
    return { list };
  };
  const done = await oncePerKey({ key, content, run }, context);
  return { list: stringOf(done['list']), channel: id };
}

interface ItemChange {
  readonly list: string;
  /** The item to change; undefined for a new item. */
  readonly item: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

async function changeItem({ list, item, fields }: ItemChange, key: string | undefined, context: ToolContext) {
  const { slack, channelsFor, signal } = context;
  await passEditableFile(list, 'list', context);
  const { file } = await readableFile(list, { ...context, channels: channelsFor({ writes: false }) });
  const columns = columnsOf(file);
  const values: JsonObject[] = [];
  for (const [name, value] of Object.entries(fields)) {
    values.push(await fieldValue(columnNamed(name, columns), value, context));
  }
  const run = async (): Promise<JsonObject> => {
    if (item !== undefined) {
      const cells = values.map((value) => ({ row_id: item, ...value }));
      await slack.call('slackLists.items.update', { list_id: list, cells }, { signal });
      return { item };
    }
    const answer = await slack.call('slackLists.items.create', { list_id: list, initial_fields: values }, { signal });
    const created = answer['item'];
    return { item: isObject(created) ? stringOf(created['id']) : '' };
  };
  const done = await oncePerKey({ key, content: { list, item: item ?? null, values }, run }, context);
  return { list, item: stringOf(done['item']) };
}
