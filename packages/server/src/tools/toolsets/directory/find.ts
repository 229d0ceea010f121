import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { indented } from '../../answers/indented.ts';
import { emailIn } from '../../arguments/email-address.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { type FoundName, type FoundNames, SIMILAR } from '../../directory/find-names.ts';
import { explanationOf, isExplained } from '../../explained-error.ts';
import { fittingItems } from '../../messages/answer-budget.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import type { ToolContext } from '../../tool-context.ts';
import { findByEmail } from './find-by-email.ts';

const KINDS = ['channel', 'person', 'group', 'emoji'] as const;

type FoundKind = (typeof KINDS)[number];

/** Searches Slack objects of one kind. */
type Find = (query: string, limit: number, context: ToolContext) => Promise<FoundNames>;

const FINDERS: Readonly<Record<FoundKind, Find>> = {
  channel: (query, limit, { channels, signal }) => channels.find(query, { limit, signal }),
  person: (query, limit, context) =>
    emailIn(query) === undefined
      ? context.users.find(query, { limit, signal: context.signal })
      : findByEmail(query, context),
  group: (query, limit, { userGroups, signal }) => userGroups.find(query, { limit, signal }),
  emoji: (query, limit, { emoji, signal }) => emoji.find(query, { limit, signal }),
};

function matchSchema() {
  return z.object({
    kind: z.string(),
    id: z.string(),
    name: z.string(),
    handle: z.string().optional(),
    about: z.string().optional(),
    external: z.literal(true).optional(),
  });
}

type Match = z.infer<ReturnType<typeof matchSchema>>;

/** The tool `slack_find`, which finds channels, people, user groups and custom emoji. */
export const findTool: Tool = defineTool({
  name: 'slack_find',
  title: 'Find channels and people',
  description:
    'Find Slack channels, people, user groups and custom emoji by part of a name, a topic, a job title or an email address. This tool does not search messages.',
  input: () =>
    z.strictObject({
      query: z.string().min(1).max(200),
      kinds: z.array(z.enum(KINDS)).min(1).optional().describe('Default: all'),
      limit: z.int().min(1).max(100).default(20),
    }),
  output: () =>
    z.object({
      notice: z.string(),
      matches: z.array(matchSchema()),
      more: z.string().optional(),
      not_searched: z.array(z.string()).optional(),
      note: z.string().optional(),
    }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['channels:read', 'groups:read', 'users:read', 'usergroups:read', 'emoji:read'],
  moreScopes: ['users:read.email'],
  long: true,
  async run({ query, kinds = kindsMeant(query), limit }, context) {
    const asked = [...new Set(kinds)];
    const answers = await Promise.allSettled(asked.map((kind) => FINDERS[kind](query, limit, context)));
    context.signal.throwIfAborted();
    const found: { kind: FoundKind; item: FoundName }[] = [];
    const searched: FoundKind[] = [];
    const notSearched: string[] = [];
    let more = false;
    for (const [index, answer] of answers.entries()) {
      const kind = asked[index] as FoundKind;
      if (answer.status === 'fulfilled') {
        searched.push(kind);
        more ||= answer.value.more;
        found.push(...answer.value.entries.map((item) => ({ kind, item })));
      } else {
        // An unexpected error is an error of the tool, and so is a search that searched nothing.
        if (!isExplained(answer.reason) || answers.every(({ status }) => status === 'rejected')) throw answer.reason;
        notSearched.push(`${kind}: ${explanationOf(answer.reason)}`);
      }
    }
    const best = found.sort((a, b) => a.item.rank - b.item.rank).map(({ kind, item }) => shown(kind, item, query));
    // Similar names are only of use if nothing matches.
    const isSimilar = found[0]?.item.rank === SIMILAR;
    const matches = isSimilar ? best : best.slice(0, found.filter(({ item }) => item.rank < SIMILAR).length);
    const fitting = Math.min(limit, fittingItems(matches));
    return {
      notice: isSimilar ? `Nothing matches; these names are similar. ${NOTICE}` : NOTICE,
      matches: matches.slice(0, fitting),
      ...(more || fitting < matches.length ? { more: 'More match: use a longer query or a higher limit.' } : {}),
      ...(notSearched.length === 0 ? {} : { not_searched: notSearched }),
      ...(matches.length === 0 ? { note: nothingFound(query, searched) } : {}),
    };
  },
  text: ({ notice, matches, more = '', not_searched: notSearched = [], note = '' }) =>
    [
      note,
      ...(matches.length === 0 ? [] : [notice, ...matches.map(matchLine)]),
      more,
      ...notSearched.map((reason) => `Not searched: ${reason}`),
    ]
      .filter(Boolean)
      .join('\n'),
});

const NOTICE = untrustedNotice('Names and descriptions');

/** The words for the kinds, in an answer without matches. */
const WORDS: Readonly<Record<FoundKind, string>> = {
  channel: 'channel',
  person: 'person',
  group: 'user group',
  emoji: 'custom emoji',
};

/** Returns the note of an answer without matches, which says what was searched and what to try next. */
function nothingFound(query: string, kinds: readonly FoundKind[]): string {
  const searched = kinds.map((kind) => WORDS[kind]).join(', ');
  const next =
    emailIn(query) !== undefined
      ? 'Check the address, or try the name of the person.'
      : kinds.length === KINDS.length
        ? 'Try one word of the name, the title or the topic.'
        : 'Try one word of the name, the title or the topic, or call with all kinds.';
  return `Nothing found. Searched for: ${searched}. ${next}`;
}

const SIGNS: Readonly<Record<string, string>> = { channel: '#', group: '@', emoji: ':' };

function matchLine({ kind, id, name, handle, about, external }: Match): string {
  const shown = `${SIGNS[kind] ?? ''}${name}${kind === 'emoji' ? ':' : ''}`;
  const names = handle === undefined ? shown : `${shown} (@${handle})`;
  const shared = external === true ? ' [shared with other organizations]' : '';
  return `${kind} ${names} ${id}${shared}${about === undefined ? '' : `: ${indented(about)}`}`;
}

/** Returns the kinds to search, derived from the form of the query. */
function kindsMeant(query: string): readonly FoundKind[] {
  if (emailIn(query) !== undefined) return ['person'];
  switch (query.trim()[0]) {
    case '#':
      return ['channel'];
    case '@':
      return ['person', 'group'];
    case ':':
      return ['emoji'];
    default:
      return KINDS;
  }
}

function shown(kind: FoundKind, { entry }: FoundName, query: string): Match & JsonObject {
  const { id, names, label, about, external } = entry;
  const [first = id] = names;
  // An emoji is used by any of its names: show the name that was looked for.
  const wanted = query.trim().replaceAll(':', '').toLowerCase();
  const name = kind === 'emoji' ? (names.find((alias) => alias.includes(wanted)) ?? first) : first;
  const isPerson = kind === 'person' || kind === 'group';
  return {
    kind,
    id,
    name: (isPerson ? label : undefined) ?? name,
    ...(isPerson && label !== undefined && label !== first ? { handle: first } : {}),
    ...(about === undefined ? {} : { about }),
    ...(external === true ? { external } : {}),
  };
}
