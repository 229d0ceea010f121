import { GROUP, PERSON } from './directory.ts';

/** A kind of thing that a request mentions. */
export interface Kind {
  /** How such a thing looks in a request in which names are marked. */
  readonly form: RegExp;
  /** The arguments that take such a thing. */
  readonly arguments: readonly string[];
}

const TEXTS = ['text', 'texts', 'content'] as const;
const MESSAGE: Kind = {
  form: /(?<!\b(?:after|before|since|until) (?:the message )?)\b\d{10}\.\d{6}\b|https:\/\/\S+\/archives\/\S+/i,
  arguments: ['timestamp', 'thread_ts', 'message'],
};
const FILE: Kind = { form: /\bF[A-Z0-9]{9}\b/, arguments: ['file', 'canvas', 'list'] };
const EMOJI: Kind = {
  form: /:[a-z_0-9+-]*[a-z_][a-z_0-9+-]*:|:[+-]1:|\b(?:emojis?|react|reactions?|smileys?|thumbs?|hearts?|check ?mark)\b/i,
  arguments: ['emojis', 'emoji'],
};
/** A text in quotes. An apostrophe in a word is not a quote. */
const QUOTED = /["“][^"”]*["”]|(?<!\w)'[^']*'(?!\w)|```/;

/** The text that a person wants to be written: in quotes, after a colon, or after a verb such as "say". */
const WRITTEN: Kind = {
  form: new RegExp(
    [
      QUOTED.source,
      String.raw`(?<!\bre|:[a-z_0-9+-]+):(?= \S)`,
      String.raw`\b(?:say(?:ing|s)?|tell(?:ing)?|know|mention(?:ing)?|announc\w+)(?! (?:me|us|about|in|to)\b) \S`,
      String.raw`\b(?:answer|ask|reply|respond|remind|tell|dm|ping|message|text|post|write)\b.* (?:that|if|whether|when|thanks|thx)\b`,
      String.raw`\b(?:ask|remind|tell)\b.* to\b`,
      String.raw`\b(?:quick|short|little) (?:hello|hi|note|message|update|thanks|heads-up|reminder)\b`,
    ].join('|'),
    'i',
  ),
  arguments: TEXTS,
};

/** The things that speak for a tool which takes them. */
export const KINDS: readonly Kind[] = [
  { form: QUOTED, arguments: [...TEXTS, 'query'] },
  ...[WRITTEN, MESSAGE, FILE, EMOJI],
  { form: /[\w.]+@[\w.]+\w/, arguments: ['user', 'users', 'query'] },
  { form: /(?<!\w)@[\w.-]+|\bU[A-Z0-9]{9}\b/, arguments: ['user', 'users', 'group', 'channel', 'from'] },
  { form: new RegExp(PERSON), arguments: ['user', 'users', 'from'] },
  { form: new RegExp(GROUP), arguments: ['group'] },
  { form: /#[\w-]+/, arguments: ['channel'] },
  {
    form: /\b(?:today|yesterday|tomorrow|tonight|(?:this|last|next|past) (?:morning|afternoon|evening|week|month|year)|before|after|since|until|lately|recently|\d{4}-\d\d-\d\d|monday|tuesday|wednesday|thursday|friday|(?:january|february|march|april|may|june|july|august|september|october|november|december) \d+)\b/i,
    arguments: ['oldest', 'latest', 'post_at'],
  },
  {
    form: /\b(?:about|named|called|mention(?:s|ed|ing)?|contain(?:s|ing)?|re:|for|with) \w+/i,
    arguments: ['query'],
  },
];

/** The things without which a request cannot fill in a required argument. */
export const NEEDS: readonly Kind[] = [
  ...[WRITTEN, MESSAGE, FILE],
  { ...EMOJI, arguments: ['emojis'] },
  { form: new RegExp(`@|\\bU[A-Z0-9]{9}\\b|${PERSON}`), arguments: ['user', 'users'] },
  { form: new RegExp(`#\\w|/archives/|@|${PERSON}|${GROUP}|\\bchannel\\b`), arguments: ['channel'] },
  { form: new RegExp(`@|${GROUP}|\\b(?:groups?|handle|team|on[- ]call)\\b`, 'i'), arguments: ['group'] },
];
