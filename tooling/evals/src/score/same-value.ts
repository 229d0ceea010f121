import { toMessageTs, toSlackTime } from '../../../../packages/server/src/tools/arguments/slack-time.ts';
import { channelReferenceIn } from '../../../../packages/server/src/tools/arguments/tool-arguments.ts';
import { fixtureSeed } from '../fixture/seed.ts';

/** Arguments whose words count, not their exact text: models phrase texts in their own way. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'texts', 'query', 'content']);

const TIMES: ReadonlySet<string> = new Set(['oldest', 'latest', 'post_at']);

const IDS: ReadonlyMap<string, string> = new Map(
  [
    ...(fixtureSeed().channels ?? []).map(({ id, name = '' }) => [name, id] as const),
    ...(fixtureSeed().users ?? []).flatMap(({ id, name, realName = '', email = '' }) => [
      [name, id] as const,
      [realName.toLowerCase(), id] as const,
      [email, id] as const,
    ]),
    ...(fixtureSeed().userGroups ?? []).map(({ id, handle }) => [handle, id] as const),
  ].filter(([name]) => name !== ''),
);

/** Whether a value of an argument means the expected value: a name means its id, a link to a message means its ts. */
export function sameValue(argument: string, given: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    const items = Array.isArray(given) ? given : [given];
    if (items.length !== expected.length) return false;
    return TEXTS.has(argument)
      ? expected.every((item, index) => sameValue(argument, items[index], item))
      : expected.every((item) => items.some((other) => sameValue(argument, other, item)));
  }
  if (typeof expected === 'object' && expected !== null) {
    const [all, wanted] = [given as Record<string, unknown> | null, expected as Record<string, unknown>];
    return Object.keys(wanted).every((name) => sameValue(name, all?.[name], wanted[name]));
  }
  if (typeof expected !== 'string') return String(given) === String(expected);
  if (TEXTS.has(argument)) {
    const words = new Set(wordsOf(String(given)));
    return wordsOf(expected).every((word) => words.has(word));
  }
  return meaningOf(argument, String(given)) === meaningOf(argument, expected);
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/@?[\p{L}\p{N}]+(?:[.:@-][\p{L}\p{N}]+)*/gu) ?? [];
}

function meaningOf(argument: string, text: string): string {
  if (TIMES.has(argument)) return toSlackTime(text);
  const ts = toMessageTs(text, { thread: true });
  if (ts !== text) return ts;
  const bare = channelReferenceIn(text)
    .replace(/^<?[#@:]|[:>]$/g, '')
    .toLowerCase();
  return IDS.get(bare) ?? IDS.get(bare.toUpperCase()) ?? bare.toUpperCase();
}
