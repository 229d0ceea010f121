/** Slack's own form, and what people write. An address (`someone@here.example`) is neither. */
const BROADCAST = /<!(channel|here|everyone|group)(?:\|[^>]*)?>|(?<![\w.+-])@(channel|here|everyone)(?![\w-]|\.\w)/gi;

/** Keeps a name from being taken for a mention, and is not seen. */
const WORD_JOINER = '\u2060';

/** The text with `@channel`, `@here` and `@everyone` readable, but notifying nobody. */
export function neutraliseBroadcasts(text: string): string {
  return text.replace(BROADCAST, (_match, slack?: string, written?: string) => `@${WORD_JOINER}${slack ?? written}`);
}
