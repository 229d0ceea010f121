import { Script } from '../script.ts';
import { PENDING } from './pending.ts';

/**
 * Takes messages that others gave back, or that a silent member held for longer than the lease. Reading who holds a
 * message and taking it are one step: two members never take the same. What is no longer in the stream is settled.
 *
 * Keys: stream, delayed. Arguments: group, consumer, the consumer of what was given back, lease, most messages.
 *
 * Returns for each: id, its count, milliseconds until it is due, whether a consumer lost it (1), fields.
 */
export const takeScript: Script = new Script(`${PENDING}
local stream, delayed, group, me, released = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]
local lease, most, taken = ARGV[4], tonumber(ARGV[5]), {}

write_first(stream)
-- What is due needs no time any more.
redis.call('ZREMRANGEBYSCORE', delayed, '-inf', now_ms())

local function take(rows)
  local last
  for _, row in ipairs(rows) do
    local id, owner, count = row[1], row[2], row[4]
    last = id
    if owner ~= me and #taken < most then
      local entry = redis.call('XRANGE', stream, id, id)[1]
      if entry then
        hold(stream, group, me, id, count)
        taken[#taken + 1] = { id, count, due_in(delayed, id), owner ~= released and 1 or 0, entry[2] }
      else
        redis.call('XACK', stream, group, id)
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
return taken
`);
