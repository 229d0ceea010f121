import { z } from 'zod';
import { removeInvisible } from '../messages/readable-text.ts';
import { emojiName } from './emoji-name.ts';
import { isMessageTs, isSlackTime, lacksZone, toMessageTs, toSlackTime } from './slack-time.ts';

const CHANNEL_LINK = /^<?https:\/\/[\w.-]+\/(?:archives|client\/[A-Z0-9]+|messages)\/([CDG][A-Z0-9]{4,})(?:[/?].*)?$/;

/** Returns the channel that a text names: the ID in a link to a channel, or the text without quotes. */
export function channelReferenceIn(text: string): string {
  return CHANNEL_LINK.exec(text.trim())?.[1] ?? text.trim().replace(/^(["'`])(.+)\1$/, '$2');
}

/** The channel argument of every tool: an ID, a name, `@person`, or a link to the channel. */
export function channelArgument(): z.ZodString {
  return z
    .string()
    .overwrite(channelReferenceIn)
    .min(1)
    .max(200)
    .describe('Channel id (C0123456789) or name; @person for direct messages');
}

const TS_EXAMPLE =
  'must be the ts of a message, such as "1700000000.000100" or "2023-11-14 22:13.20000100", or a link to the message';

/** The `ts` of a message. The type is a string, because a number would lose the last digits. */
export function timestampArgument(): z.ZodString {
  return z
    .string()
    .overwrite((text) => toMessageTs(text))
    .refine(isMessageTs, TS_EXAMPLE);
}

/** The `ts` of the message that started a thread. */
export function threadArgument(): z.ZodString {
  return z
    .string()
    .overwrite((text) => toMessageTs(text, { thread: true }))
    .refine(isMessageTs, TS_EXAMPLE);
}

/** A time, given as seconds since 1970, as ISO 8601, or as the `ts` of a message. */
export function timeArgument(): z.ZodString {
  return timeSchema('"2023-11-14T22:13:20Z", "1700000000" or "3 days ago"');
}

/** A time in the future, in the same forms. */
export function futureTimeArgument(): z.ZodString {
  return timeSchema('"2026-03-01T09:00:00+01:00", "1800000000" or "in 2 hours"');
}

function timeSchema(examples: string): z.ZodString {
  return z
    .string()
    .overwrite((text) => toSlackTime(text))
    .refine(isSlackTime, {
      error: ({ input }) =>
        lacksZone(String(input))
          ? 'needs a time zone at its end, such as "Z" or "+01:00"'
          : `must be a time, such as ${examples}`,
    });
}

/** What to do with a text that Slack would split or refuse. */
export function ifLongArgument(): z.ZodDefault<z.ZodEnum<{ split: 'split'; refuse: 'refuse' }>> {
  return z.enum(['split', 'refuse']).default('split').describe('For text over 4,000 characters');
}

/** A text that people will see in Slack, with at most this number of characters. */
export function visibleText(most: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(most)
    .refine((text) => text === '' || removeInvisible(text).trim() !== '', 'contains nothing that people can see');
}

/** A text to post. A text above 4,000 characters becomes several messages. */
export function textArgument(): z.ZodString {
  return visibleText(40_000);
}

/** The name of an emoji, or the emoji itself. */
export function emojiArgument(): z.ZodString {
  return z.string().overwrite(emojiName).min(1).max(120);
}

const FILE_LINK =
  /^<?https:\/\/[\w.-]+\/(?:files\/[A-Z0-9]+|files-pri|(?:docs|lists)\/[A-Z0-9]+)\/(?:T[A-Z0-9]+-)?(F[A-Z0-9]{4,})/;

/** The ID of a file, canvas or list, or a link to it. */
export function fileArgument(): z.ZodString {
  return z
    .string()
    .overwrite((text) => FILE_LINK.exec(text.trim())?.[1] ?? text.trim().replace(/^(["'`])(.+)\1$/, '$2'))
    .refine(
      (text) => /^F[A-Z0-9]{4,}$/.test(text),
      'must be the id of a file, such as "F0123456789", or a link to the file. If you know only the name, search for the file',
    );
}

/** A key that prevents a repeated call from posting the same message again. */
export function idempotencyKeyArgument(): z.ZodOptional<z.ZodString> {
  return z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Your own key for this call: a repeated call with the same key does not post again');
}

/** The number of messages to read. */
export function limitArgument(): z.ZodDefault<z.ZodInt> {
  return z.int().min(1).max(1000).default(100);
}

/** The cursor that a previous call returned. */
export function cursorArgument(): z.ZodOptional<z.ZodString> {
  return z.string().optional().describe('next_cursor of the previous call');
}
