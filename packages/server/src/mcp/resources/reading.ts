import type { ChannelUse } from '../../tools/gates/channel-gate.ts';

/** The channel use of resources. The channel gate treats a resource like a tool that reads. */
export const READING: ChannelUse = { writes: false };
