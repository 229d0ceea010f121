import { PARKING_HEADER } from '@slack-mcp/core/backend';
import { WRITE_FIRST } from './first-write.ts';
import { PASS_FIELDS } from './parked-fields.ts';

/**
 * Lua functions for messages that consumers hold.
 *
 * `owner_of(stream, group, id)`: returns the consumer that holds a message and the delivery count of the message, or
 * nothing if the message is settled.
 *
 * `hold(stream, group, consumer, id, count)`: assigns a message to a consumer, with the delivery count `count` and a
 * new lease.
 *
 * `settle(stream, redrive, group, id)`: acknowledges a message. The entry of a redriven message is also deleted,
 * because only this group reads it.
 *
 * `park(stream, redrive, dead, group, id, fields, about)`: adds an unchanged entry to the dead letters, preceded by one
 * field with the reason, and settles the message. The function first runs the commands that Redis could refuse, so that
 * a message is never settled without being parked and never parked twice.
 *
 * `due_in(delayed, id)`: returns the milliseconds until a message may be delivered.
 */
export const PENDING: string = `${WRITE_FIRST}${PASS_FIELDS}
local function owner_of(stream, group, id)
  local row = redis.call('XPENDING', stream, group, id, id, 1)[1]
  if row then return row[2], row[4] end
end

local function hold(stream, group, consumer, id, count)
  redis.call('XCLAIM', stream, group, consumer, 0, id, 'IDLE', 0, 'RETRYCOUNT', count, 'JUSTID')
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
  redis.call('XADD', dead, '*', '${PARKING_HEADER}', about, pass_fields(fields, 1))
  settle(stream, redrive, group, id)
end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function due_in(delayed, id)
  return math.max(0, (redis.call('ZSCORE', delayed, id) or 0) - now_ms())
end
`;

/** The name of the consumer that holds released messages until another member takes them. */
export const RELEASED = 'slack-mcp-released';
