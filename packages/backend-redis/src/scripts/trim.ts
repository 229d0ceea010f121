import { OWED } from './owed.ts';

/**
 * Lua function of the scripts that trim, beside those of `OWED`.
 *
 * `trim(stream, counted, groups, max_length, oldest)`: cuts off history from its old end: what exceeds `max_length`, and
 * what every group has acknowledged from before `oldest` (milliseconds since the epoch; false: whatever its age). Never
 * what a group is owed: read and cut happen in one step, so no group can appear or fall back between them. Returns how
 * many entries went.
 */
export const TRIM: string = `${OWED}
local function trim(stream, counted, groups, max_length, oldest)
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
  if trimmed > 0 and redis.call('EXISTS', counted) == 1 then
    redis.call('HINCRBY', counted, 'trimmed', trimmed)
  end
  return trimmed
end
`;
