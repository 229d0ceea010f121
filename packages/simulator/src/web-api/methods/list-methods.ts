import { isJsonObject, type JsonObject } from '../../json.ts';
import { invalidArguments, refuse } from '../../slack-api-error.ts';
import type { ListColumn, ListItem, SlackList } from '../../workspace/lists.ts';
import { renderSharedFile } from '../../workspace/render-file.ts';
import type { SharedFile } from '../../workspace/shared-files.ts';
import type { Call } from '../call.ts';
import { paginate } from '../cursor.ts';
import { giveAccess, mayEdit, takeAccess } from '../file-access.ts';
import type { Method } from '../method.ts';

/** The name of a field's value, by the type of its column, as documented for `slackLists.items.create`. */
const PROPERTIES: Readonly<Record<string, string>> = {
  text: 'rich_text',
  number: 'number',
  rating: 'rating',
  select: 'select',
  multi_select: 'select',
  user: 'user',
  multi_user: 'user',
  todo_assignee: 'user',
  date: 'date',
  todo_due_date: 'date',
  checkbox: 'checkbox',
  todo_completed: 'checkbox',
  email: 'email',
  phone: 'phone',
  link: 'link',
};

/** Methods for lists. Slack documents them at https://docs.slack.dev/reference/methods. */
export const listMethods: Readonly<Record<string, Method>> = {
  'slackLists.create': {
    tier: 2,
    scopes: ['lists:write'],
    acceptsJson: true,
    run(call) {
      const { workspace, caller: user } = call;
      const name = call.requiredText('name');
      // Documented: without a schema, a list has one text column.
      const given = call.jsonList('schema', 'invalid_arguments') ?? [{ key: 'name', name: 'Name', type: 'text' }];
      const schema = given.map((column) => columnOf(call, column));
      const id = workspace.newId('F');
      workspace.uploads.lists.create({ id, name, user, created: workspace.clock.seconds() }, schema);
      return { list_id: id, list_metadata: { schema: structuredClone(schema), subtask_schema: [] } };
    },
  },
  'slackLists.access.set': {
    tier: 2,
    scopes: ['lists:write'],
    acceptsJson: true,
    run(call) {
      giveAccess(call, editableList(call).file);
      return {};
    },
  },
  'slackLists.access.delete': {
    tier: 3,
    scopes: ['lists:write'],
    acceptsJson: true,
    run(call) {
      takeAccess(call, editableList(call).file);
      return {};
    },
  },
  'slackLists.update': {
    tier: 2,
    scopes: ['lists:write'],
    acceptsJson: true,
    run(call) {
      const { list, file } = editableList(call, 'id');
      const name = call.text('name');
      const description = call.jsonList('description_blocks', 'unexpected_description_blocks_arg');
      const isTodo = call.flag('todo_mode');
      if (name === undefined && description === undefined && isTodo === undefined) refuse('missing_arguments');
      if (name !== undefined) call.workspace.uploads.files.change(file.id, { name, title: name });
      list.description = description ?? list.description;
      list.isTodo = isTodo ?? list.isTodo;
      return {};
    },
  },
  'slackLists.items.delete': deleting((call, items) => {
    const wanted = call.requiredText('id');
    const at = items.findIndex(({ id }) => id === wanted);
    if (at < 0) refuse('record_not_found');
    items.splice(at, 1);
  }),
  // The page names no error for an unknown item, so the simulator ignores it.
  'slackLists.items.deleteMultiple': deleting((call, items) => {
    const ids = call.json('ids', 'invalid_arguments');
    if (!Array.isArray(ids)) throw invalidArguments('missing required field: ids');
    const kept = items.filter(({ id }) => !ids.includes(id));
    items.splice(0, items.length, ...kept);
  }),
  'slackLists.items.create': {
    tier: 3,
    scopes: ['lists:write'],
    acceptsJson: true,
    run(call) {
      const { list, file } = editableList(call);
      const given = call.jsonList('initial_fields', 'invalid_args') ?? [];
      const { workspace, caller: user } = call;
      const now = workspace.clock.seconds();
      const item: ListItem = {
        id: workspace.newId('Rec'),
        list_id: file.id,
        date_created: now,
        created_by: user,
        updated_by: user,
        updated_timestamp: String(now),
        fields: given.map((field) => checkedField(call, list, field)),
      };
      list.items.push(item);
      return { item: structuredClone(item) };
    },
  },
  'slackLists.items.update': {
    tier: 3,
    scopes: ['lists:write'],
    acceptsJson: true,
    run(call) {
      const { list } = editableList(call);
      const cells = call.jsonList('cells', 'invalid_arguments') ?? [];
      if (cells.length === 0) throw invalidArguments('missing required field: cells');
      const changes = cells.map(({ row_id, ...field }) => {
        const item = list.items.find(({ id }) => id === row_id) ?? refuse('invalid_row_id');
        return { item, field: checkedField(call, list, field) };
      });
      for (const { item, field } of changes) {
        item.fields = [...item.fields.filter(({ column_id }) => column_id !== field.column_id), field];
        item.updated_by = call.caller;
        item.updated_timestamp = String(call.workspace.clock.seconds());
      }
      return {};
    },
  },
  'slackLists.items.list': {
    tier: 2,
    scopes: ['lists:read'],
    acceptsJson: true,
    run(call) {
      const { list } = seenList(call);
      const limit = call.integer('limit', { default: 100, max: 1_000 });
      const shown = list.items.filter(({ is_archived }) => (is_archived === true) === (call.flag('archived') === true));
      const request = { kind: 'list_item', key: ({ id }: ListItem) => id, cursor: call.text('cursor'), limit };
      const { items, nextCursor = '' } = paginate(shown, request);
      return { items: structuredClone(items), response_metadata: { next_cursor: nextCursor } };
    },
  },
  'slackLists.items.info': {
    tier: 2,
    scopes: ['lists:read'],
    acceptsJson: true,
    run(call) {
      const { list, file } = seenList(call);
      const wanted = call.requiredText('id');
      const record = list.items.find(({ id }) => id === wanted) ?? refuse('record_not_found');
      const shown = renderSharedFile(call.workspace, file, (id) => call.sees(call.workspace.channel(id)));
      return { list: shown, record: structuredClone(record), subtasks: [] };
    },
  },
};

function deleting(remove: (call: Call, items: ListItem[]) => void): Method {
  return {
    tier: 2,
    scopes: ['lists:write'],
    acceptsJson: true,
    run(call) {
      remove(call, editableList(call).list.items);
      return {};
    },
  };
}

function columnOf(call: Call, { key, name, type, ...more }: JsonObject): ListColumn {
  if (typeof key !== 'string' || typeof name !== 'string' || typeof type !== 'string') {
    throw invalidArguments('schema: a column needs key, name and type');
  }
  return { ...more, id: call.workspace.newId('Col'), key, name, type };
}

function seenList(call: Call, argument = 'list_id'): { list: SlackList; file: SharedFile } {
  const id = call.requiredText(argument);
  const list = call.workspace.uploads.lists.get(id);
  const file = call.workspace.uploads.files.get(id);
  return list !== undefined && file !== undefined && call.seesFile(file) ? { list, file } : refuse('list_not_found');
}

/** Returns a list that the caller owns or may change, or that is shared in one of the caller's channels. */
function editableList(call: Call, argument?: string): { list: SlackList; file: SharedFile } {
  const found = seenList(call, argument);
  return mayEdit(call, found.file) ? found : refuse('restricted_action');
}

/** Checks a field against its column, and throws the errors that Slack documents for `slackLists.items.create`. */
function checkedField(call: Call, { schema }: SlackList, field: JsonObject): JsonObject {
  const column = schema.find(({ id }) => id === field.column_id) ?? refuse('invalid_column_id');
  const property = PROPERTIES[column.type] ?? refuse('uneditable_column');
  const value = field[property];
  if (value === undefined || Object.keys(field).some((name) => name !== 'column_id' && name !== property)) {
    refuse('invalid_input_type');
  }
  if (property === 'checkbox' ? typeof value !== 'boolean' : !Array.isArray(value)) refuse('invalid_input_type');
  const values: unknown[] = Array.isArray(value) ? value : [];
  if (property === 'select' && !values.every((one) => choicesOf(column).includes(one))) refuse('invalid_option_id');
  if (property === 'user') for (const one of values) call.workspace.user(String(one));
  if (property === 'rich_text' && !values.every((one) => isJsonObject(one) && one.type === 'rich_text')) {
    refuse('invalid_blocks');
  }
  return { key: column.key, column_id: column.id, [property]: value };
}

function choicesOf({ options }: ListColumn): unknown[] {
  const choices = isJsonObject(options) ? options.choices : undefined;
  return Array.isArray(choices) ? choices.map((choice) => (isJsonObject(choice) ? choice.value : undefined)) : [];
}
