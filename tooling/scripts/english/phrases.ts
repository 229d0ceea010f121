/** A phrase to avoid, and what to write instead. */
export interface Phrase {
  readonly pattern: RegExp;
  readonly write: string;
}

/** Phrases to avoid. Each pattern is global and ignores case. */
export const phrases: readonly Phrase[] = [
  { pattern: /\b(?:is|are|was|were|be|been|being) told\b/gi, write: 'is notified, receives, reports' },
  {
    pattern: /\b(?:tells?|told) (?:of|whether|that|it|them|apart|from|what|which|how)\b/gi,
    write: 'reports, says, shows',
  },
  { pattern: /\bunless told otherwise\b/gi, write: 'by default, unless … is set' },
  { pattern: /\bin hand\b/gi, write: 'in flight' },
  {
    pattern: /\b(?:is|are|was|were|be|been) owed\b|\bowe[sd]? (?:a|the|it|to|them|everything|messages)\b/gi,
    write: 'unacknowledged, undelivered',
  },
  { pattern: /\b(?:is|are|was|were|be) none\b|\bnone (?:that|is|are)\b/gi, write: 'is not a valid …, there is no …' },
  { pattern: /\b(?:that|what|which|who) (?:is|are|was|were) no\b/gi, write: 'that is not a valid …' },
  { pattern: /\b(?:whoever|whomever)\b/gi, write: 'name it: the caller, the operator' },
  { pattern: /\b(?:nobody|somebody|everybody|one's|oneself)\b/gi, write: 'no consumer, the caller, the operator, all' },
  { pattern: /\b(?:the like|of which|of whom|that which)\b/gi, write: 'name it' },
  { pattern: /\b(?:heeds?|heeded|heeding)\b/gi, write: 'uses, respects' },
  { pattern: /\blest\b/gi, write: 'so that … not' },
  { pattern: /\b(?:save|but) for\b/gi, write: 'except' },
  { pattern: /\bas (?:it|they) (?:comes?|came|is|are|was|were)\b/gi, write: 'unchanged, in order of arrival' },
  { pattern: /\bhas (?:it|them)(?=[.,;:)]|$)/gi, write: 'stored, received' },
  { pattern: /\b(?:by and by|thereof|therein|thereby|whilst|amongst)\b/gi, write: 'so, while, among' },
  { pattern: /\b(?:anew|as ever|for ever)\b/gi, write: 'again, unchanged, forever' },
];
