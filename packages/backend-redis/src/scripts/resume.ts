import { Script } from '../script.ts';
import { PENDING } from './pending.ts';

/**
 * Reads again what a consumer holds: after a delay (it is then another delivery) or because the answer that had it was
 * lost (it is not). What another consumer holds is passed over; what is no longer in the stream is settled.
 *
 * Keys: stream, delayed. Arguments: group, consumer, by how much the count of deliveries grows, ids.
 *
 * Returns for each: id, how often it was delivered, 0, fields.
 */
export const resumeScript: Script = new Script(`${PENDING}
local stream, delayed, group, me, more = KEYS[1], KEYS[2], ARGV[1], ARGV[2], tonumber(ARGV[3])
local resumed = {}
for index = 4, #ARGV do
  local id = ARGV[index]
  local owner, deliveries = owner_of(stream, group, id)
  if owner == me then
    local entry = redis.call('XRANGE', stream, id, id)[1]
    if entry then
      hold(stream, group, me, id, deliveries + more, 0)
      resumed[#resumed + 1] = { id, deliveries + more, 0, entry[2] }
    else
      redis.call('XACK', stream, group, id)
    end
    redis.call('ZREM', delayed, id)
  end
end
return resumed
`);
