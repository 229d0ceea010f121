/**
 * Lua function `write_first(stream)`: runs a write that changes nothing and that Redis accepts even when the memory is
 * full. Redis checks the memory only before the first write of a script, so all later writes of the script succeed.
 * Call the function in scripts that move or settle messages, because groups must be able to consume the messages that
 * fill the memory. Redis refuses the write of `write_first` whenever it would refuse to delete from the stream.
 */
export const WRITE_FIRST = `
local function write_first(stream)
  redis.call('XDEL', stream, '0-0')
end
`;
