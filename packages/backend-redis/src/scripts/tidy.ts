import { Script } from '../script.ts';
import { TRIM } from './trim.ts';

/**
 * Trims a stream that receives no messages at the moment. Publishing also trims the stream.
 *
 * Keys: stream, key with the counted positions. Arguments: maximum number of acknowledged messages to keep, maximum age
 * in milliseconds.
 */
export const tidyScript: Script = new Script(`${TRIM}
local oldest = redis.call('TIME')[1] * 1000 - ARGV[2]
return trim(KEYS[1], KEYS[2], groups_of(KEYS[1]), tonumber(ARGV[1]), oldest)
`);
