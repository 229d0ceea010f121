/**
 * The field of a parked entry into which all further fields are packed, each preceded by its length in bytes and a
 * colon.
 */
export const MORE_FIELDS = 'slack-mcp-more-fields';

/**
 * Lua function `pass_fields(fields, first)`: returns the fields from index `first` on, as arguments of `XADD`. A call
 * of a Lua function can pass about 8,000 values. Names and values beyond 7,000 are packed into one additional field,
 * byte by byte.
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
