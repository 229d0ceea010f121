import type { ChannelUse } from '../../tools/gates/channel-gate.ts';

/** How resources use channels. The channel gate treats a resource like a tool that reads. */
export const READING: ChannelUse = { writes: false };
