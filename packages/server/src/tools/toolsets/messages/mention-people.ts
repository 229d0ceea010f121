import { unmentionedNames, withMentions } from '../../messages/unmentioned-names.ts';
import type { ToolContext } from '../../tool-context.ts';

/** Maximum number of names to look up for one text. */
const MOST_NAMES = 10;

/** Maximum time to wait for the names. A name that is not found in time stays a plain word, which a notice reports. */
const WAIT_MS = 3_000;

/** Milliseconds for which a name from Slack is trusted. */
const TRUST_MS = 60_000;

/**
 * Replaces names such as `@alice` by mentions, if exactly one person has the name. Other names, names in code and
 * broadcasts stay unchanged.
 *
 * @throws the signal's abort reason
 */
export async function mentionPeople(
  text: string,
  { users, signal }: Pick<ToolContext, 'users' | 'signal'>,
): Promise<string> {
  const names = [...new Set(unmentionedNames(text))].slice(0, MOST_NAMES);
  if (names.length === 0) return text;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
  const confirm = { maxAgeMs: TRUST_MS, namesOf: async () => undefined };
  const ids = new Map<string, string>();
  await Promise.all(
    names.map(async (name) => {
      try {
        ids.set(name, await users.resolve(`@${name}`, { signal: limit, confirm }));
      } catch {
        signal.throwIfAborted();
      }
    }),
  );
  return withMentions(text, ids);
}
