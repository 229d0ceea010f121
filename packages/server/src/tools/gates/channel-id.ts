declare const gated: unique symbol;

/**
 * The id of a channel that the current tool may use. Only the channel gate makes one, so that a tool which forgets to
 * ask does not compile.
 */
export type ChannelId = string & { readonly [gated]: true };
