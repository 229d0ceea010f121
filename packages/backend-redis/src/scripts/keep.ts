import { Script } from '../script.ts';

/**
 * Extends the lease of the messages that a consumer holds, and returns the ids of these messages. A message that
 * another member has taken in the meantime stays with that member.
 *
 * Keys: stream. Arguments: group, consumer, id of the first message, maximum number of messages.
 */
export const keepScript: Script = new Script(`
local ids = {}
for index, row in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], '+', ARGV[4], ARGV[2])) do
  ids[index] = row[1]
end
if #ids > 0 then
  local command = { 'XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0 }
  for _, id in ipairs(ids) do command[#command + 1] = id end
  for _, word in ipairs({ 'IDLE', 0, 'JUSTID' }) do command[#command + 1] = word end
  redis.call(unpack(command))
end
return ids
`);
