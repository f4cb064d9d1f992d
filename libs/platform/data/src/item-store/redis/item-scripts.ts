import { defineScript, type CommandParser } from 'redis';

/**
 * One script per verb that looks and then changes. Each works on one key, so that it runs on a cluster too. An item is `I<version> <json>`
 * and a spent mark `S<mark>`, both under the same key.
 */
function script<Reply>(lua: string) {
  return defineScript({
    NUMBER_OF_KEYS: 1,
    SCRIPT: lua,
    parseCommand(parser: CommandParser, key: string, ...args: string[]) {
      parser.pushKey(key);
      parser.push(...args);
    },
    transformReply: (reply: unknown) => reply as Reply,
  });
}

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

export const itemScripts = {
  /** ARGV: `I<version> `, item, time to live in ms. */
  corsacReplace: script<number>(`
local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`),
  /** ARGV: `S<mark>`, its time to live in ms or nothing. */
  corsacTake: script<string | null>(`
local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 1, 1) == 'S' then return held end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return held`),
  /** ARGV: by, time to live in ms. */
  corsacIncr: script<number>(`
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return count`),
  /** ARGV: member, time to live in ms. The whole set goes with its last member. */
  corsacAdd: script<number>(`
${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1`),
  corsacMembers: script<string[]>(`
${NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now), '+inf')`),
  /** ARGV: member, deadline or nothing. */
  corsacUnschedule: script<number>(`
if ARGV[2] ~= '' then
  local noted = redis.call('ZSCORE', KEYS[1], ARGV[1])
  if not noted or tonumber(noted) ~= tonumber(ARGV[2]) then return 0 end
end
return redis.call('ZREM', KEYS[1], ARGV[1])`),
  /** ARGV: now, limit, end of the lease. */
  corsacClaim: script<string[]>(`
local ready = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(ready) do redis.call('ZADD', KEYS[1], ARGV[3], member) end
return ready`),
};
