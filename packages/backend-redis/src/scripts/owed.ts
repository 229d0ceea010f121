/**
 * Lua functions of the scripts that know what groups are owed.
 *
 * `groups_of(stream)`: its groups, each with `name`, `last` (delivered), `pending` and `lag` (false: Redis does not say,
 * as before 7.0, or once entries were deleted); none when there is no stream. Raises an error when the key holds another
 * type, before anything was written.
 *
 * `lag_of(stream, counted, group, keep)`: how many entries the group was not given yet, counted where Redis does not
 * say: those that it was given, from the key `counted` on, where `keep` writes down how far it came. A call reads at most
 * 1,000 entries; nil when there are more to count. Entries that were counted and deleted then are missing from the lag:
 * it is never too large.
 *
 * `most_owed(stream, groups, counted)`: the most that a group is owed. Without `counted` it counts nothing and tells what
 * is not less; with it, what is not more.
 *
 * `precedes(a, b)`: whether an id is the older one.
 */
export const OWED = `
local function precedes(a, b)
  local a_ms, a_seq = string.match(a, '^(%d+)-(%d+)$')
  local b_ms, b_seq = string.match(b, '^(%d+)-(%d+)$')
  a_ms, b_ms = tonumber(a_ms), tonumber(b_ms)
  if a_ms ~= b_ms then return a_ms < b_ms end
  return tonumber(a_seq) < tonumber(b_seq)
end

local function groups_of(stream)
  if redis.call('EXISTS', stream) == 0 then return {} end
  local groups = {}
  for index, row in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local fields = {}
    for field = 1, #row, 2 do fields[row[field]] = row[field + 1] end
    groups[index] = {
      name = fields['name'], last = fields['last-delivered-id'],
      pending = fields['pending'], lag = fields['lag'] or false,
    }
  end
  return groups
end

local function lag_of(stream, counted, group, keep)
  if group.lag then return group.lag end
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

local function most_owed(stream, groups, counted)
  local most = 0
  for _, group in ipairs(groups) do
    local lag = group.lag
    if counted then lag = lag_of(stream, counted, group, true) or 0 end
    most = math.max(most, group.pending + (lag or redis.call('XLEN', stream)))
  end
  return most
end
`;
