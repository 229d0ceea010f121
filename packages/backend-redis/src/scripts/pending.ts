import { WRITE_FIRST } from './first-write.ts';
import { DEAD_LETTER, PASS_FIELDS } from './parked-fields.ts';

/**
 * Lua functions of the scripts about messages that consumers hold.
 *
 * `owner_of(stream, group, id)`: the consumer that holds it and its count; nothing when it is settled.
 *
 * `hold(stream, group, consumer, id, count)`: gives it to a consumer, with that count and a lease that begins now.
 *
 * `settle(stream, redrive, group, id)`: it is done. What was redriven belongs to this group alone: its entry goes, too.
 *
 * `park(stream, redrive, dead, group, id, fields, about)`: puts it to the dead letters as it is, behind one field that
 * says why, and settles it. One step: it is never settled without being parked, nor parked twice, since what would refuse
 * to settle it is asked first.
 *
 * `due_in(delayed, id)`: milliseconds until it may be delivered.
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
  redis.call('XADD', dead, '*', '${DEAD_LETTER}', about, pass_fields(fields, 1))
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

/** The consumer that holds what was given back: it goes to the first one that asks. */
export const RELEASED = 'slack-mcp-released';
