import { z } from 'zod';
import { channelArgument, emojiArgument, timestampArgument } from '../../arguments/tool-arguments.ts';

/** The arguments of the tools that add and remove reactions. */
export function reactionsInput(): z.ZodObject<{
  channel: z.ZodString;
  timestamp: z.ZodString;
  emojis: z.ZodArray<z.ZodString>;
}> {
  return z.strictObject({
    channel: channelArgument(),
    timestamp: timestampArgument().describe("The message's ts"),
    emojis: z.array(emojiArgument()).min(1).max(23).describe('Names, like thumbsup'),
  });
}
