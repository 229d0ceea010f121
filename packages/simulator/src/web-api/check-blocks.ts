import { isJsonObject, type JsonObject } from '../json.ts';
import { SlackApiError } from '../slack-api-error.ts';

/** Maximum number of blocks per message, as documented at docs.slack.dev/reference/block-kit/blocks. */
const MAX_BLOCKS = 50;

/**
 * Maximum number of characters in all blocks together. The limit is not documented, but reported in
 * slackapi/bolt-js#2509.
 */
const MAX_TOTAL = 13_200;

/** Maximum number of characters in all `markdown` blocks together, as documented for the `markdown` block. */
const MAX_MARKDOWN = 12_000;

/**
 * The limits of texts in each type of block: the path of the text, and its maximum number of characters as Slack
 * documents it.
 */
const LIMITS: Readonly<Record<string, readonly { readonly path: readonly string[]; readonly max: number }[]>> = {
  section: [{ path: ['text', 'text'], max: 3_000 }],
  header: [{ path: ['text', 'text'], max: 150 }],
  image: [
    { path: ['image_url'], max: 3_000 },
    { path: ['alt_text'], max: 2_000 },
    { path: ['title', 'text'], max: 2_000 },
  ],
  markdown: [{ path: ['text'], max: MAX_MARKDOWN }],
  video: [{ path: ['title', 'text'], max: 200 }],
};

/** The maximum number of entries in the lists of each type of block, as Slack documents it. */
const COUNTS: Readonly<Record<string, { readonly field: string; readonly max: number }>> = {
  section: { field: 'fields', max: 10 },
  actions: { field: 'elements', max: 25 },
  context: { field: 'elements', max: 10 },
};

/** The types of blocks in messages, as documented at docs.slack.dev/reference/block-kit/blocks. */
const TYPES: ReadonlySet<string> = new Set(
  (
    'actions alert card carousel container context context_actions data_table divider file header image input ' +
    'markdown plan rich_text section table task_card video'
  ).split(' '),
);

/**
 * Checks the blocks of a message against Slack's limits.
 *
 * @throws SlackApiError `invalid_blocks` with `errors` and `response_metadata.messages` (format reported in
 * slackapi/bolt-python#1016), or `msg_blocks_too_long`
 */
export function checkBlocks(blocks: readonly JsonObject[]): void {
  const errors = [
    ...(blocks.length > MAX_BLOCKS ? [`no more than ${MAX_BLOCKS} items allowed [json-pointer:/blocks]`] : []),
    ...blocks.flatMap((block, index) => errorsOf(block, `/blocks/${index}`)),
  ];
  if (errors.length > 0) {
    const messages = errors.map((error) => `[ERROR] ${error}`);
    throw new SlackApiError('invalid_blocks', { errors, response_metadata: { messages } });
  }
  if (totalText(blocks) > MAX_TOTAL) throw new SlackApiError('msg_blocks_too_long');
}

function errorsOf(block: JsonObject, pointer: string): string[] {
  if (typeof block.type !== 'string') return [`missing required field: type [json-pointer:${pointer}]`];
  if (!TYPES.has(block.type)) return [`unsupported type: ${block.type} [json-pointer:${pointer}/type]`];
  // Reported in slackapi/java-slack-sdk#1017.
  if (block.type === 'section' && block.text === undefined && block.fields === undefined)
    return [`must define either \`text\` or \`fields\` [json-pointer:${pointer}/type]`];
  const id = tooLong(block.block_id, 255, `${pointer}/block_id`);
  const texts = (LIMITS[block.type] ?? []).flatMap(({ path, max }) => {
    const found = tooLong(at(block, path), max, `${pointer}/${path.join('/')}`);
    // Slack also checks the object around a text.
    const around =
      found.length > 0 && path.length > 1
        ? [`failed to match all allowed schemas [json-pointer:${pointer}/${path[0]}]`]
        : [];
    return [...around, ...found];
  });
  return [...id, ...texts, ...tooMany(block, pointer), ...fieldErrors(block, pointer)];
}

function fieldErrors(block: JsonObject, pointer: string): string[] {
  if (block.type !== 'section' || !Array.isArray(block.fields)) return [];
  return block.fields.flatMap((field: unknown, index) =>
    tooLong(isJsonObject(field) ? field.text : undefined, 2_000, `${pointer}/fields/${index}/text`),
  );
}

function tooMany(block: JsonObject, pointer: string): string[] {
  const count = COUNTS[String(block.type)];
  const list = count && block[count.field];
  if (!count || !Array.isArray(list) || list.length <= count.max) return [];
  return [`no more than ${count.max} items allowed [json-pointer:${pointer}/${count.field}]`];
}

function tooLong(value: unknown, max: number, pointer: string): string[] {
  if (typeof value !== 'string' || value.length <= max) return [];
  return [`must be less than ${max + 1} characters [json-pointer:${pointer}]`];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isJsonObject(inner) ? inner[name] : undefined), value);
}

/** Returns the total number of characters in all texts of the blocks. */
function totalText(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + totalText(item), 0);
  if (!isJsonObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, item]) => sum + (name === 'text' && typeof item === 'string' ? item.length : totalText(item)),
    0,
  );
}
