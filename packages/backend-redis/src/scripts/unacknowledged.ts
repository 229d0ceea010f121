/**
 * Lua functions that find out how many messages each group has not acknowledged.
 *
 * `groups_of(stream)`: returns the groups of a stream, each with `name`, `last` (the last delivered id), `pending`, and
 * `lag`, the maximum number of undelivered entries. Redis includes deleted entries in the lag. Redis before 7.0 reports
 * no lag, and later versions report no lag after some deletions; the group is then `vague`, and its `lag` is the length
 * of the stream. The result is empty if the stream does not exist. Raises an error before any write if the key holds
 * another type.
 *
 * `count_lag(stream, counted, group, keep)`: returns the number of undelivered entries. The function counts the
 * delivered entries from the position stored in the key `counted`, and with `keep` stores the new position in that key.
 * A call reads at most 1,000 entries, and returns nil if more entries must be counted. Entries that were deleted after
 * they were counted are not included, so the result is never too high.
 *
 * `most_unacknowledged(stream, groups, counted)`: returns the highest number of unacknowledged messages of a group.
 * Without `counted`, the function uses the lag of `groups_of`, and its result is never too low. With `counted`, the
 * function counts entries, and its result is never too high.
 *
 * `precedes(a, b)`: returns whether id `a` is older than id `b`.
 */
export const UNACKNOWLEDGED = `
local function precedes(a, b)
  local a_ms, a_seq = string.match(a, '^(%d+)-(%d+)$')
  local b_ms, b_seq = string.match(b, '^(%d+)-(%d+)$')
  a_ms, b_ms = tonumber(a_ms), tonumber(b_ms)
  if a_ms ~= b_ms then return a_ms < b_ms end
  return tonumber(a_seq) < tonumber(b_seq)
end

local function groups_of(stream)
  local groups, length = {}, redis.call('XLEN', stream)
  if redis.call('EXISTS', stream) == 0 then return groups end
  for index, row in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local fields = {}
    for field = 1, #row, 2 do fields[row[field]] = row[field + 1] end
    groups[index] = {
      name = fields['name'], last = fields['last-delivered-id'],
      pending = fields['pending'], lag = math.min(fields['lag'] or length, length), vague = not fields['lag'],
    }
  end
  return groups
end

local function count_lag(stream, counted, group, keep)
  local trimmed = tonumber(redis.call('HGET', counted, 'trimmed') or 0)
  local field = 'group:' .. group.name
  local id, given = string.match(redis.call('HGET', counted, field) or '', '^(%S+) (%d+)$')
  if not id or precedes(group.last, id) then id, given = '0-0', 0 end
  given = math.max(tonumber(given), trimmed)
  for _ = 1, 10 do
    local rows = redis.call('XRANGE', stream, '(' .. id, group.last, 'COUNT', 100)
    given = given + #rows
    id = #rows == 100 and rows[100][1] or group.last
    if id == group.last then break end
  end
  if keep then
    redis.call('HSET', counted, field, id .. ' ' .. given)
    redis.call('PEXPIRE', counted, 3600000)
  end
  if id == group.last then return math.max(0, redis.call('XLEN', stream) + trimmed - given) end
end

local function most_unacknowledged(stream, groups, counted)
  local most = 0
  for _, group in ipairs(groups) do
    if group.pending + group.lag > most then
      local lag = counted and (count_lag(stream, counted, group, true) or 0) or group.lag
      most = math.max(most, group.pending + lag)
    end
  end
  return most
end
`;
