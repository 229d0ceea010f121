declare const gated: unique symbol;

/**
 * The ID of a channel that the current tool may use. Only the channel gate creates a `ChannelId`, so a tool that
 * bypasses the gate does not compile.
 */
export type ChannelId = string & { readonly [gated]: true };
