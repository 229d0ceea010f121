import { Script } from '../script.ts';

/** What stands under an id that the queue has; a claim's token is longer. */
export const PUBLISHED = 'published';

/**
 * Takes the right to publish an id unless somebody has it or has published. Sent again, it does nothing more.
 * Keys: id. Arguments: token of the claim, its life in ms. Answer: what stands there now.
 */
export const CLAIM: Script = new Script(`
local present = redis.call('GET', KEYS[1])
if present then return present end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
`);

/**
 * Gives the right back, if it is still this claim's.
 * Keys: id. Arguments: token of the claim. Answer: 1, or 0 when it was not.
 */
export const RELEASE: Script = new Script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);
