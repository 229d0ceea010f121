import { nearestNames } from '../directory/nearest-names.ts';

/** Names that other servers and models use for an argument, by the name that this server uses. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  channel: [
    ...['channel_id', 'channel_name', 'conversation', 'conversation_id', 'room'],
    ...['url', 'link', 'permalink', 'message_url', 'message_link', 'channel_url'],
  ],
  text: ['message', 'msg', 'content', 'body', 'markdown_text', 'new_text', 'new_message'],
  texts: ['text', 'messages', 'replies', 'reply', 'message'],
  timestamp: ['ts', 'message_ts', 'message_id', 'message_timestamp'],
  thread_ts: [
    ...['thread', 'thread_id', 'thread_timestamp', 'thread_message_ts', 'root_ts', 'message_ts', 'ts'],
    ...['parent', 'parent_id', 'parent_ts', 'parent_message_ts', 'parent_message_id'],
    ...['reply_to', 'reply_to_ts', 'reply_to_message_ts', 'in_reply_to'],
  ],
  emojis: ['emoji', 'emoji_name', 'reaction', 'reactions', 'name', 'names'],
  limit: ['count', 'max', 'max_results', 'page_size', 'num_messages'],
  oldest: ['since', 'after', 'start', 'start_time', 'from'],
  latest: ['until', 'before', 'end', 'end_time', 'to'],
  cursor: ['next_cursor', 'page_token'],
  blocks: ['block_kit', 'blocks_json', 'layout'],
  query: ['q', 'search', 'search_query', 'filter', 'pattern', 'keyword', 'keywords', 'name'],
  user: ['user_id', 'person', 'username', 'member', 'email', 'name'],
  from: ['from_user', 'from_user_id', 'user', 'user_id', 'author', 'sender', 'posted_by'],
  sort: ['sort_by', 'order', 'order_by'],
  users: ['user_ids', 'people', 'members', 'user', 'person'],
  group: ['usergroup', 'usergroup_id', 'user_group', 'group_id', 'handle'],
  file: ['file_id', 'id', 'file_url', 'url', 'canvas', 'canvas_id', 'document'],
  list: ['list_id', 'list_url', 'file', 'file_id'],
  item: ['item_id', 'row', 'row_id', 'record', 'record_id'],
  fields: ['values', 'cells', 'initial_fields'],
  columns: ['schema'],
  canvas: ['canvas_id', 'file', 'file_id', 'canvas_url', 'document'],
  section: ['section_id', 'heading'],
  action: ['operation', 'change'],
  offset: ['next_offset', 'position'],
  mentions_only: ['only_mentions', 'mentions'],
  kinds: ['kind', 'type', 'types'],
  idempotency_key: ['idempotency_id'],
  preview: ['dry_run', 'preview_only', 'is_preview', 'simulate', 'draft', 'test_mode', 'validate_only'],
  post_at: ['send_at', 'schedule_at', 'scheduled_at', 'scheduled_time', 'when', 'time'],
  scheduled_message_id: ['scheduled_id', 'message_id', 'id'],
  filename: ['file_name', 'name'],
  content: ['text', 'body', 'file_content', 'file_data', 'markdown', 'document_content'],
  arguments: ['args', 'params', 'parameters'],
};

/** Arguments of other servers that change what, where or when a tool posts. No tool of this server accepts them. */
const OF_OTHER_SERVERS = [
  ...['attachments', 'files', 'broadcast', 'reply_broadcast'],
  ...['delay', 'delay_seconds', 'ephemeral', 'ephemeral_user', 'user_ids', 'channels', 'channel_ids'],
];

/**
 * The compact forms of argument names that a tool of this server or of another server accepts. A name in this set is
 * never ignored, because the call would then silently do something that the caller does not expect.
 */
const MEANT: ReadonlySet<string> = new Set(
  [...Object.entries(ALIASES).flat(2), ...OF_OTHER_SERVERS, 'inclusive', 'kinds', 'if_long', 'take_back'].map(compact),
);

/** Argument names that are always refused, because no client adds them by accident. */
const NEVER: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Maximum number of unknown arguments that are ignored. Clients add only a few arguments of their own, so a larger
 * number is a mistake.
 */
const MOST_IGNORED = 10;

/** The arguments of a call, under the tool's own argument names. */
export interface NamedArguments {
  readonly args: Readonly<Record<string, unknown>>;
  /** Unknown argument names that are ignored, for example names that clients add for their own use. */
  readonly ignored: readonly string[];
  /** The reason an unknown argument name is refused. */
  readonly problem?: string;
}

/**
 * Renames arguments to the tool's own names. Accepts other spellings, such as `channelId`, and names that other servers
 * use. Refuses unknown names that are similar to a known name, and names that only another tool accepts.
 */
export function nameArguments(given: Readonly<Record<string, unknown>>, known: readonly string[]): NamedArguments {
  const args: Record<string, unknown> = {};
  const rest: [string, unknown][] = [];
  for (const [name, value] of Object.entries(given)) {
    if (known.includes(name)) args[name] = value;
    else rest.push([name, value]);
  }
  const ignored: string[] = [];
  if (rest.length > MOST_IGNORED)
    return { args, ignored, problem: `${rest.length} arguments that this tool does not have` };
  for (const [name, value] of rest) {
    const spelled = snakeCase(name);
    const short = compact(spelled);
    const isSame = (candidate: string): boolean => compact(candidate) === short;
    const open = known.filter((candidate) => !Object.hasOwn(args, candidate));
    const target = open.find(isSame) ?? open.find((candidate) => ALIASES[candidate]?.some(isSame));
    if (target !== undefined) args[target] = value;
    else if (isAbsent(value)) ignored.push(name);
    else if (MEANT.has(short) || NEVER.has(name))
      return { args, ignored, problem: `${shown(name)}: this tool has no such argument` };
    else {
      const [nearest] = nearestNames(spelled.slice(0, 100), known, 1);
      if (nearest !== undefined) return { args, ignored, problem: `${shown(name)}: did you mean ${nearest}?` };
      ignored.push(name);
    }
  }
  return { args, ignored };
}

/**
 * Separates one argument from the others. The argument may have one of its other names, in any spelling.
 *
 * @param names - the name of the argument, then its other names
 */
export function takeArgument(
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
): { value: unknown; rest: Readonly<Record<string, unknown>> } {
  const [found] = names.flatMap((wanted) =>
    Object.keys(given).filter((name) => compact(snakeCase(name)) === compact(wanted)),
  );
  if (found === undefined) return { value: undefined, rest: given };
  const { [found]: value, ...rest } = given;
  return { value, rest };
}

/** Whether a value stands for "not set". Some clients send `null` or an empty string for an omitted argument. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === 'null' || value === 'undefined';
}

function snakeCase(name: string): string {
  return name
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase();
}

/** Returns a name without underscores, because some clients omit them, as in `dryrun` or `threadts`. */
function compact(name: string): string {
  return name.replaceAll('_', '');
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 60)).slice(1, -1);
}
