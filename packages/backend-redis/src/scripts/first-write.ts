/**
 * Lua function `write_first(stream)`: changes nothing, but allows the writes after it even when the memory is full,
 * because Redis checks the memory only before the first write of a script. Use it in scripts that move or settle
 * messages. These messages are already stored, and if Redis refused the script, groups could not consume the messages
 * that fill the memory. Redis refuses this write whenever it would refuse to delete from the stream.
 */
export const WRITE_FIRST = `
local function write_first(stream)
  redis.call('XDEL', stream, '0-0')
end
`;
