import type { Tool } from '../../../src/tools/define-tool.ts';

/** The arguments of a call. */
export type Args = Record<string, unknown>;

/** The schema of an argument. */
export type Property = { type?: string; enum?: readonly unknown[]; items?: Property };

/** A valid value for each argument by name; others get one by type. */
const VALUES: Readonly<Args> = {
  channel: 'C0GENERAL1',
  text: 'Hello',
  texts: ['One', 'Two'],
  blocks: [{ type: 'divider' }],
  timestamp: '1700000000.000100',
  thread_ts: '1700000000.000100',
  emojis: ['eyes', 'tada'],
  limit: 5,
  oldest: '1699999999',
  latest: '1700000100',
  inclusive: true,
  cursor: 'dXNlcjpVMDYx',
  query: 'shipit',
  user: 'U0ALICE001',
  from: 'U0ALICE001',
  users: ['U0ALICE001', 'U0BOB00001'],
  group: 'S0ONCALL01',
  idempotency_key: 'key-1',
  preview: false,
  post_at: '1900000000',
  scheduled_message_id: 'Q0123456789',
  filename: 'report.csv',
  content: 'a,b',
  method: 'emoji.list',
  arguments: {},
  file: 'F0REPORT01',
  offset: 1,
  canvas: 'F0CANVAS01',
  list: 'F0LIST0001',
  columns: [{ name: 'Task' }, { name: 'Status', type: 'select', choices: ['Open', 'Done'] }],
};

/** Values of arguments that mean something else in one tool. */
const OWN_VALUES: Readonly<Record<string, Args>> = {
  slack_thread_reply: { texts: ['One'] },
  slack_edit_canvas: { action: 'create', canvas: undefined, section: undefined },
  slack_edit_list: { action: 'create', list: undefined, item: undefined, fields: undefined },
  slack_search_messages: { query: 'welcome', cursor: 'page:2' },
  slack_search_files: { query: 'report', cursor: 'page:2' },
  slack_list_unreads: { cursor: '1:dXNlcjpVMDYx' },
  slack_upload_file: { path: undefined },
};

/** Arguments that a call needs although the schema does not require them, because another one chooses what it does. */
const ALSO_NEEDED: Readonly<Record<string, readonly string[]>> = {
  slack_search_messages: ['query'],
  slack_search_files: ['query'],
  slack_edit_canvas: ['channel', 'content'],
  slack_edit_list: ['name', 'channel'],
  slack_upload_file: ['filename', 'content'],
};

/** The arguments that a tool takes. */
export function propertiesOf(tool: Tool): Record<string, Property> {
  return tool.inputSchema['properties'] as Record<string, Property>;
}

/** The names of the arguments that a tool requires. */
export function requiredOf(tool: Tool): readonly string[] {
  return (tool.inputSchema['required'] ?? []) as string[];
}

/** A valid value for every argument of a tool. */
export function exampleArguments(tool: Tool): Args {
  const values = Object.entries(propertiesOf(tool)).map(([name, property]) => [name, exampleOf(name, property)]);
  const args: Args = { ...Object.fromEntries(values), ...OWN_VALUES[tool.name] };
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

/** A valid value for every argument that a call needs. */
export function leastArguments(tool: Tool): Args {
  const args = exampleArguments(tool);
  const names = [...requiredOf(tool), ...(ALSO_NEEDED[tool.name] ?? [])];
  return Object.fromEntries(names.map((name) => [name, args[name]]));
}

function exampleOf(name: string, { type, enum: choices, items }: Property): unknown {
  if (name in VALUES) return VALUES[name];
  if (choices !== undefined) return choices[0];
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return true;
  return type === 'array' ? [exampleOf('', items ?? {})] : 'x';
}
