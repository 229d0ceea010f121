import { z } from 'zod';

/** The type of {@link filterArguments}. */
export type FilterArguments = {
  group: z.ZodOptional<z.ZodString>;
  ids: z.ZodOptional<z.ZodArray<z.ZodString>>;
  code: z.ZodOptional<z.ZodString>;
  error: z.ZodOptional<z.ZodString>;
  type: z.ZodOptional<z.ZodString>;
  channel: z.ZodOptional<z.ZodString>;
  after: z.ZodOptional<z.ZodISODateTime>;
  before: z.ZodOptional<z.ZodISODateTime>;
};

/** The arguments that select dead letters or events. */
export function filterArguments(): FilterArguments {
  return {
    group: z.string().min(1).max(200).optional().describe('Consumer group'),
    ids: z.array(z.string().min(1).max(500)).min(1).max(100).optional().describe('Event, message or dead letter IDs'),
    code: z.string().min(1).max(100).optional().describe('Reason code, like MAX_RETRIES'),
    error: z.string().min(1).max(100).optional().describe('Error name, like TypeError'),
    type: z.string().min(1).max(128).optional().describe('Event type, like app_mention'),
    channel: z.string().min(1).max(128).optional().describe('Channel ID'),
    after: z.iso.datetime({ offset: true }).optional(),
    before: z.iso.datetime({ offset: true }).optional(),
  };
}
