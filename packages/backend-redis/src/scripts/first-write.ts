/**
 * Lua function `write_first(stream)`: changes nothing, and lets what follows store even when the memory is full. Redis asks
 * for room only before the first write of a script. For what moves or settles messages: they are stored already, and
 * refusing it would keep the groups from consuming what fills the memory. It is refused where deleting from the stream
 * would be.
 */
export const WRITE_FIRST = `
local function write_first(stream)
  redis.call('XDEL', stream, '0-0')
end
`;
