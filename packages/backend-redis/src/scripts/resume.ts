import { Script } from '../script.ts';
import { PENDING } from './pending.ts';

/**
 * Reads again what a consumer holds: after a delay (it is then another delivery) or because the answer that had it was
 * lost (it is not). What another consumer holds is passed over; what is no longer in the stream is settled.
 *
 * Keys: stream, delayed. Arguments: group, consumer, then for each message its id and how often it was delivered with
 * this time (0: as often as Redis counted, and not before it is due).
 *
 * Returns for each: id, how often it was delivered, milliseconds until it is due, fields.
 */
export const resumeScript: Script = new Script(`${PENDING}
local stream, delayed, group, me = KEYS[1], KEYS[2], ARGV[1], ARGV[2]
local resumed = {}
for index = 3, #ARGV, 2 do
  local id, told = ARGV[index], tonumber(ARGV[index + 1])
  local owner, deliveries = owner_of(stream, group, id)
  if owner == me then
    local entry = redis.call('XRANGE', stream, id, id)[1]
    if entry then
      if told > 0 then deliveries = told end
      hold(stream, group, me, id, deliveries, 0)
      resumed[#resumed + 1] = { id, deliveries, told > 0 and 0 or due_in(delayed, id), entry[2] }
    else
      redis.call('XACK', stream, group, id)
    end
  end
end
return resumed
`);
