/** The IDs that are mentioned without a name. */
export interface MentionedIds {
  readonly users: readonly string[];
  readonly channels: readonly string[];
  readonly userGroups: readonly string[];
}

/** Matches the mention of a user, channel or user group without a label, or with an empty one. */
const UNNAMED = /<(?:@|#|!subteam\^)([UWCDGS][A-Z0-9]{2,})\|?>/g;

/** Matches the mention of a channel or user group with a name. */
const NAMED = /<(?:#|!subteam\^)([CDGS][A-Z0-9]{2,})\|[^<>]/g;

/** The fields of blocks that contain the ID of a user, user group or channel. Readers see its name instead. */
const FIELDS: ReadonlySet<string> = new Set(['user_id', 'usergroup_id', 'initial_channel', 'initial_conversation']);

const ID = /^[UWCDGS][A-Z0-9]{2,}$/;

/**
 * Returns the IDs of the users, channels and user groups that are mentioned in the texts and blocks of a value. Slack
 * repeats a text in blocks without names, so a channel or user group that is named once needs no name.
 */
export function mentionedIds(value: unknown): MentionedIds {
  const found: Found = { unnamed: new Set(), named: new Set() };
  collect(value, found);
  const ids = [...found.unnamed].filter((id) => !found.named.has(id));
  return {
    users: ids.filter((id) => /^[UW]/.test(id)),
    channels: ids.filter((id) => /^[CDG]/.test(id)),
    userGroups: ids.filter((id) => id.startsWith('S')),
  };
}

interface Found {
  readonly unnamed: Set<string>;
  readonly named: Set<string>;
}

function collect(value: unknown, found: Found): void {
  if (typeof value === 'string') collectFromText(value, found);
  else if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (typeof value === 'object' && value !== null) collectFromObject(value as Record<string, unknown>, found);
}

function collectFromText(text: string, { unnamed, named }: Found): void {
  if (!text.includes('<')) return;
  for (const [, id = ''] of text.matchAll(UNNAMED)) unnamed.add(id);
  for (const [, id = ''] of text.matchAll(NAMED)) named.add(id);
}

function collectFromObject(object: Record<string, unknown>, found: Found): void {
  const isChannel = object['type'] === 'channel';
  for (const name in object) {
    const field = object[name];
    const isId = typeof field === 'string' && (FIELDS.has(name) || (isChannel && name === 'channel_id'));
    if (isId && ID.test(field)) found.unnamed.add(field);
    else collect(field, found);
  }
}
