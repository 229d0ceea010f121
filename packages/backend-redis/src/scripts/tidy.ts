import { Script } from '../script.ts';
import { TRIM } from './trim.ts';

/**
 * Trims a stream to which no messages are published. (Publishing also trims a stream.)
 *
 * Keys: stream, key with the counted positions. Arguments: maximum number of acknowledged messages to keep, maximum age
 * in milliseconds.
 */
export const tidyScript: Script = new Script(`${TRIM}
local oldest = redis.call('TIME')[1] * 1000 - ARGV[2]
return trim(KEYS[1], KEYS[2], groups_of(KEYS[1]), tonumber(ARGV[1]), oldest)
`);
