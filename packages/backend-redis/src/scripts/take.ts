import { Script } from '../script.ts';
import { PENDING } from './pending.ts';

/**
 * Assigns to a consumer the messages that other consumers released, or that a silent consumer has held for longer than
 * the lease. Reading the owner and taking the message are one step, so two members never take the same message. Settles
 * messages whose entries were deleted from the stream.
 *
 * Keys: stream, due times of delayed messages. Arguments: group, consumer, the consumer that holds released messages,
 * lease, maximum number of messages.
 *
 * Returns for each message: id, delivery count, milliseconds until the message is due, 1 if a consumer lost the
 * message, fields.
 */
export const takeScript: Script = new Script(`${PENDING}
local stream, delayed, group, me, released = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]
local lease, most, taken = ARGV[4], tonumber(ARGV[5]), {}

write_first(stream)
-- Messages that are due no longer need a due time.
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
