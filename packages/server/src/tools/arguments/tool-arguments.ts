import { z } from 'zod';

/** The channel of every tool. */
export const channelArgument: z.ZodString = z.string().min(1).max(200).describe('Channel id (C0123456789) or name');

/** A message's `ts`: a string, because as a number it would lose its last digits. */
export const timestampArgument: z.ZodString = z
  .string()
  .regex(/^\d{1,16}(\.\d{1,9})?$/, 'expected a Slack timestamp as a string, like "1700000000.000100"');

/** Text of one message. Slack cuts off what is longer. */
export const textArgument: z.ZodString = z.string().min(1).max(40_000);

/** Keeps a repeated call from posting again. */
export const idempotencyKeyArgument: z.ZodOptional<z.ZodString> = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('Your own key for this call: repeated with it, nothing is posted twice');

/** How many messages to read. */
export const limitArgument: z.ZodDefault<z.ZodInt> = z.int().min(1).max(1000).default(100);

/** Where to go on. */
export const cursorArgument: z.ZodOptional<z.ZodString> = z
  .string()
  .optional()
  .describe('next_cursor of the previous call');
