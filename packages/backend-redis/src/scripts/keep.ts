import { Script } from '../script.ts';

/**
 * Extends the lease of what a consumer holds, and tells what that is. Only what it still holds is touched: a message that
 * went to another member meanwhile stays there.
 *
 * Keys: stream. Arguments: group, consumer, start of the range, most messages. Returns their ids.
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
