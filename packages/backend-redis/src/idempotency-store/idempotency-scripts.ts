import { Script } from '../script.ts';

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Claims a key unless it is claimed already. Repeating a claim with the same token has no further effect. The lifetime
 * is set before anything is stored, because Redis does not roll back a script. Keys: the key. Arguments: fingerprint,
 * token, lease in ms, lifetime in ms. Returns an empty list if the token has the claim, otherwise the fingerprint, `1`
 * if the lease of another claim is running or else `0`, and the result if there is one.
 */
export const CLAIM: Script = new Script(`
${NOW}
local known = redis.call('HMGET', KEYS[1], 'fingerprint', 'token', 'lease', 'result')
if not known[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'token', ARGV[2], 'lease', string.format('%.0f', now + ARGV[3]))
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return {}
end
if known[2] == ARGV[2] then return {} end
local running = not known[4] and tonumber(known[3]) > now
return { known[1], running and 1 or 0, known[4] }
`);

/**
 * Renews the lease of a claim, or ends it with a lease of 0. Keys: the key. Arguments: token, lease in ms. Returns 1 if
 * the token has the claim, else 0.
 */
export const RENEW: Script = new Script(`
${NOW}
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'lease', string.format('%.0f', now + ARGV[2]))
return 1
`);

/**
 * Stores the result of a claim, even if Redis has lost the claim in the meantime. Keys: the key. Arguments:
 * fingerprint, token, result, lifetime in ms. Returns 1, or 0 if another process has claimed the key.
 */
export const COMPLETE: Script = new Script(`
local token = redis.call('HGET', KEYS[1], 'token')
if token and token ~= ARGV[2] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'token', ARGV[2], 'lease', '0', 'result', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`);

/** Releases a claim. Keys: the key. Arguments: token. Returns 1 if the token had the claim, else 0. */
export const RELEASE: Script = new Script(`
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);
