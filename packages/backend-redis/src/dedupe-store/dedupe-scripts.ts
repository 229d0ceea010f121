import { Script } from '../script.ts';

/** The value that marks an id as published. The token of a claim never has this value, because tokens are longer. */
export const PUBLISHED = 'published';

/**
 * Claims the right to publish the message with an id, unless the id is already claimed or published. Repeating a claim
 * has no further effect. Keys: id. Arguments: token of the claim, lifetime of the claim in ms. Returns the value of the
 * key after the script.
 */
export const CLAIM: Script = new Script(`
local present = redis.call('GET', KEYS[1])
if present then return present end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
`);

/**
 * Releases a claim if no other claim has replaced it. Keys: id. Arguments: token of the claim. Returns 1 if the claim
 * was released, else 0.
 */
export const RELEASE: Script = new Script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);
