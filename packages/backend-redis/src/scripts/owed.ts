/**
 * Lua functions of the scripts that know what groups are owed.
 *
 * `groups_of(stream)`: its groups, each with `name`, `last` (delivered), `pending` and `lag`, how many entries it was not
 * given yet at most: Redis counts entries that were deleted, and says nothing (`vague`) before 7.0 and after some
 * deletions; then it is the stream's length. None when there is no stream. Raises an error when the key holds another
 * type, before anything was written.
 *
 * `count_lag(stream, counted, group, keep)`: how many entries the group was not given yet. It counts those that it was
 * given, from where the key `counted` says on; `keep` writes down there how far it came. A call reads at most 1,000
 * entries; nil when there are more to count. Entries that were counted and deleted then are missing: it is never too
 * many.
 *
 * `most_owed(stream, groups, counted)`: the most that a group is owed. Without `counted` nothing is counted, and it is
 * not less; with it, it is not more.
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

local function most_owed(stream, groups, counted)
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
