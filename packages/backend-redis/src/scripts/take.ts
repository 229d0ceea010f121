import { Script } from '../script.ts';
import { PENDING } from './pending.ts';

/**
 * Takes messages that others gave back, or that a silent member held for longer than the lease. Reading who holds a
 * message, counting the delivery and taking it are one step: two members never take the same. What was delivered too
 * often to consumers that died is parked instead; what is no longer in the stream is settled.
 *
 * Redis counts a delivery for all that a consumer held when it died, whatever it died of. So what was lost twice is
 * suspected, and taken only by a consumer that holds nothing else, one at a time: the deliveries that decide whether a
 * message is parked are its own. Hence none is parked before its second delivery.
 *
 * Keys: stream, dead letters, delayed. Arguments: group, consumer, the consumer of what was given back, lease, most
 * messages, most deliveries, whether the stream is a redrive stream (1), what the names begin with under which the last
 * nack of a message is, whether a suspect may be taken (1).
 *
 * Returns whether there was a suspect (1), taken or not, and for each that was taken: id, how often it was delivered,
 * milliseconds until it is due, fields.
 */
export const takeScript: Script = new Script(`${PENDING}
local stream, dead, delayed = KEYS[1], KEYS[2], KEYS[3]
local group, me, released = ARGV[1], ARGV[2], ARGV[3]
local lease, most, limit, redrive, nacked = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1', ARGV[8]
local suspected, alone, taken, suspects = limit > 2 and 2 or 1, ARGV[9] == '1', {}, 0

write_first(stream)
-- What is due needs no time any more.
redis.call('ZREMRANGEBYSCORE', delayed, '-inf', now_ms())

local function take(rows)
  local last
  for _, row in ipairs(rows) do
    local id, owner, deliveries = row[1], row[2], row[4]
    last = id
    if owner ~= me and #taken < most then
      local entry = redis.call('XRANGE', stream, id, id)[1]
      local lost = owner == released and 0 or deliveries - (redis.call('GET', nacked .. id) or 0)
      local suspect = lost >= suspected
      if not entry then
        redis.call('XACK', stream, group, id)
      elseif lost >= math.max(2, limit) then
        local reason = '{"code":"MAX_DELIVERIES","message":"its consumers died or lost it each time"}'
        park(stream, redrive, dead, group, id, entry[2], about_parking(id, deliveries, now_ms(), reason))
      elseif suspect and not (alone and #taken == 0) then
        suspects = 1
      else
        hold(stream, group, me, id, deliveries + 1, 0)
        taken[#taken + 1] = { id, deliveries + 1, due_in(delayed, id), entry[2] }
        if suspect then suspects, most = 1, 1 end
      end
    end
  end
  return last
end

local given = redis.call('XPENDING', stream, group, '-', '+', most, released)
if #given > 0 then
  take(given)
  if #redis.call('XPENDING', stream, group, '-', '+', 1, released) == 0 then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, released)
  end
end
local start, pages = '-', 0
while #taken < most and pages < 20 do
  local rows = redis.call('XPENDING', stream, group, 'IDLE', lease, start, '+', 100)
  local last = take(rows)
  if #rows < 100 then break end
  start = '(' .. last
  pages = pages + 1
end
return { suspects, taken }
`);
