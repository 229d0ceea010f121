/** Characters of the address of a resource. */
export const MOST_URI_CHARACTERS = 2_000;

/** Most resources that one session, or one stream, may be notified of. */
export const MOST_SUBSCRIPTIONS = 100;
