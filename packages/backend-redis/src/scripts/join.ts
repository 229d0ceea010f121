import { Script } from '../script.ts';
import { WRITE_FIRST } from './first-write.ts';

/**
 * Creates the stream, the group and the member if they do not exist. Keys: stream. Arguments: group, start position of
 * the group, consumer.
 */
export const joinScript: Script = new Script(`${WRITE_FIRST}
local stream, group = KEYS[1], ARGV[1]
write_first(stream)
local made = redis.pcall('XGROUP', 'CREATE', stream, group, ARGV[2], 'MKSTREAM')
if made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then return made end
redis.call('XGROUP', 'CREATECONSUMER', stream, group, ARGV[3])
return made.ok and 1 or 0
`);
