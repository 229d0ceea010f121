/** The field before those of a parked entry: why it is there, as JSON. */
export const DEAD_LETTER = 'slack-mcp-dead-letter';

/** The field that holds those which do not fit, each behind its length in bytes and a colon. */
export const MORE_FIELDS = 'slack-mcp-more-fields';

/**
 * A Lua function. `pass_fields(fields, first)`: the fields from that one on, as arguments of `XADD`. Lua passes on some
 * 8,000 values: names and values beyond 7,000 go together into one more field, byte by byte.
 */
export const PASS_FIELDS: string = `
local function pass_fields(fields, first)
  if #fields - first < 7002 then return unpack(fields, first) end
  local passed, rest = {}, {}
  for index = first, #fields do
    if #passed < 7000 then
      passed[#passed + 1] = fields[index]
    else
      rest[#rest + 1] = #fields[index] .. ':' .. fields[index]
    end
  end
  passed[7001], passed[7002] = '${MORE_FIELDS}', table.concat(rest)
  return unpack(passed)
end
`;
