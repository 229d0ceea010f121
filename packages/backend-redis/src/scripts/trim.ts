/**
 * Lua functions of the scripts that know what groups are owed.
 *
 * `groups_of(stream)`: its groups, each with `name`, `last` (delivered), `pending` and `lag` (false: unknown); none when
 * there is no stream. Raises an error when the key holds another type, before anything was written.
 *
 * `trim(stream, groups, max_length, oldest)`: cuts off history from its old end: what exceeds `max_length`, and what
 * every group has acknowledged from before `oldest` (milliseconds since the epoch; false: whatever its age). Never what
 * a group is owed: read and cut happen in one step, so no group can appear or fall back between them.
 */
export const TRIM = `
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

local function precedes(a, b)
  local a_ms, a_seq = string.match(a, '^(%d+)-(%d+)$')
  local b_ms, b_seq = string.match(b, '^(%d+)-(%d+)$')
  a_ms, b_ms = tonumber(a_ms), tonumber(b_ms)
  if a_ms ~= b_ms then return a_ms < b_ms end
  return tonumber(a_seq) < tonumber(b_seq)
end

local function trim(stream, groups, max_length, oldest)
  local excess = redis.call('XLEN', stream) - max_length
  if excess <= 0 and not oldest then return 0 end
  local owed = '18446744073709551615-18446744073709551615'
  for _, group in ipairs(groups) do
    local first = group.last
    if group.pending > 0 then
      local entry = redis.call('XPENDING', stream, group.name, '-', '+', 1)[1]
      if entry and precedes(entry[1], first) then first = entry[1] end
    end
    if precedes(first, owed) then owed = first end
  end
  local trimmed = 0
  if excess > 0 then
    trimmed = redis.call('XTRIM', stream, 'MINID', '~', owed, 'LIMIT', excess)
  end
  if oldest and #groups > 0 then
    local cut = string.format('%.0f-0', oldest)
    if precedes(owed, cut) then cut = owed end
    trimmed = trimmed + redis.call('XTRIM', stream, 'MINID', '~', cut)
  end
  return trimmed
end
`;
