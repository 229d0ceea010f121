import { WRITE_FIRST } from './first-write.ts';
import { DEAD_LETTER, PASS_FIELDS } from './parked-fields.ts';

/**
 * Lua functions of the scripts about messages in hand.
 *
 * `owner_of(stream, group, id)`: the consumer that holds it and how often it was delivered; nothing when it is settled.
 *
 * `hold(stream, group, consumer, id, deliveries, idle)`: gives it to a consumer, delivered so often, idle for so long.
 *
 * `settle(stream, redrive, group, id)`: it is done. What was redriven is nobody else's: its entry goes, too.
 *
 * `park(stream, redrive, dead, group, id, fields, about)`: puts it to the dead letters as it is, behind one field that
 * says why, and settles it. One step: it is never settled without being parked, nor parked twice, since what would refuse
 * to settle it is asked first.
 *
 * `about_parking(id, deliveries, at, reason)`: what that field says, `reason` being JSON.
 *
 * `due_in(delayed, id)`: milliseconds until it may be delivered.
 */
export const PENDING: string = `${WRITE_FIRST}${PASS_FIELDS}
local function owner_of(stream, group, id)
  local row = redis.call('XPENDING', stream, group, id, id, 1)[1]
  if row then return row[2], row[4] end
end

local function hold(stream, group, consumer, id, deliveries, idle)
  redis.call('XCLAIM', stream, group, consumer, 0, id, 'IDLE', idle, 'RETRYCOUNT', deliveries, 'JUSTID')
end

local function settle(stream, redrive, group, id)
  if redrive then write_first(stream) end
  local count = redis.call('XACK', stream, group, id)
  if redrive then redis.call('XDEL', stream, id) end
  return count
end

local function park(stream, redrive, dead, group, id, fields, about)
  write_first(stream)
  redis.call('XACK', stream, group, '0-0')
  redis.call('XADD', dead, '*', '${DEAD_LETTER}', about, pass_fields(fields, 1))
  settle(stream, redrive, group, id)
end

local function about_parking(id, deliveries, at, reason)
  local format = '{"id":"%s","retryCount":%.0f,"at":%.0f,"reason":%s}'
  return string.format(format, id, math.max(0, deliveries - 1), at, reason)
end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function due_in(delayed, id)
  return math.max(0, (redis.call('ZSCORE', delayed, id) or 0) - now_ms())
end
`;

/** The consumer that holds what is to go to whoever asks first. */
export const RELEASED = 'slack-mcp-released';
