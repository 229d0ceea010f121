/** Maximum characters in a resource URI. */
export const MOST_URI_CHARACTERS = 2_000;

/** Maximum number of resources that one session or stream can subscribe to. */
export const MOST_SUBSCRIPTIONS = 100;
