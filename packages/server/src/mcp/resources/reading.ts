import type { ChannelUse } from '../../tools/gates/channel-gate.ts';

/** The use of a resource: what passes the gate for a tool that reads passes it for a resource. */
export const READING: ChannelUse = { writes: false };
