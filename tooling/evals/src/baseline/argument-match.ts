import type { ToolDescription } from '../../../../packages/server/src/tools/define-tool.ts';

/** A kind of thing that a request mentions. */
interface Kind {
  /** How such a thing looks in a request. */
  readonly form: RegExp;
  /** The arguments that take such a thing. */
  readonly arguments: readonly string[];
  /** Whether a request without such a thing cannot fill in a required argument. */
  readonly needed?: true;
}

const KINDS: readonly Kind[] = [
  { form: /"[^"]*"|```/, arguments: ['text', 'texts', 'content', 'query'], needed: true },
  {
    form: /\b\d{10}\.\d{6}\b|https:\/\/\S+\/archives\/\S+/,
    arguments: ['timestamp', 'thread_ts', 'message'],
    needed: true,
  },
  { form: /\bF[A-Z0-9]{9}\b/, arguments: ['file', 'canvas', 'list'], needed: true },
  { form: /:[a-z_0-9+-]+:/, arguments: ['emojis', 'emoji'] },
  { form: /[\w.]+@[\w.]+\w/, arguments: ['user', 'users', 'query'] },
  { form: /(?<!\w)@[\w.-]+/, arguments: ['user', 'users', 'group', 'channel', 'from'] },
  { form: /#[\w-]+/, arguments: ['channel'] },
  {
    form: /\b(?:today|yesterday|tomorrow|tonight|(?:this|last|next) (?:morning|afternoon|evening|week|month|year)|before|after|since|until|\d{4}-\d\d-\d\d|monday|tuesday|wednesday|thursday|friday)\b/i,
    arguments: ['oldest', 'latest', 'post_at'],
  },
  { form: /(?<=[a-z,] )[A-Z][a-z]+/, arguments: ['user', 'users', 'from', 'query', 'group'] },
  { form: /\b(?:about|named|called|mention(?:s|ing)?|contain(?:s|ing)?) \w+/, arguments: ['query'] },
];

/** How the things in a request fit the arguments of a tool. */
export interface ArgumentMatch {
  /** Number of kinds of things that the tool takes. */
  readonly taken: number;
  /** Number of kinds of things that the tool needs and the request does not have. */
  readonly missing: number;
}

/** Compares the things that a request mentions, such as a file or a quoted text, with the arguments of a tool. */
export function argumentMatch(request: string, { inputSchema }: ToolDescription): ArgumentMatch {
  const taken = Object.keys((inputSchema['properties'] ?? {}) as object);
  const required = (inputSchema['required'] ?? []) as readonly string[];
  const count = (isMeant: (kind: Kind, isIn: boolean) => boolean): number =>
    KINDS.filter((kind) => isMeant(kind, kind.form.test(request))).length;
  return {
    taken: count((kind, isIn) => isIn && kind.arguments.some((name) => taken.includes(name))),
    missing: count(
      (kind, isIn) => kind.needed === true && !isIn && kind.arguments.some((name) => required.includes(name)),
    ),
  };
}
