import type { ChannelUse } from '../../tools/gates/channel-gate.ts';

/** How resources use channels: the gate treats resources like a tool that reads. */
export const READING: ChannelUse = { writes: false };
