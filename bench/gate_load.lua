-- The client of bench/gate.py, for wrk: every request is a new message, as a phone would send it.
-- Arguments: file of the message with %s for its id, file of tokens, messages per request, seed of the ids.

local before, after, heads, lines, head, tail
local number, turn = 0, 0

function init(args)
    local file = assert(io.open(args[1]))
    before, after = file:read("*a"):match("^(.*)%%s(.*)$")
    file:close()
    lines = tonumber(args[3])
    -- Ids in the form of UUIDv7, rising with time as those of real devices.
    local now = string.format("%012x", os.time() * 1000)
    head = now:sub(1, 8) .. "-" .. now:sub(9, 12) .. "-7000-" .. string.format("8%03x", tonumber(args[4]))
    tail = "-%04x%08x"
    -- Everything but the body is the same for every request of a device: made once, so that the client costs little.
    local length = lines * (#before + 36 + #after) + lines - 1
    local kind = lines == 1 and "application/json" or "application/x-ndjson"
    heads = {}
    for token in io.lines(args[2]) do
        heads[#heads + 1] = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. token
            .. "\r\nContent-Type: " .. kind .. "\r\nContent-Length: " .. length .. "\r\n\r\n"
    end
end

local function message()
    number = number + 1
    return before .. head .. tail:format(0, number) .. after
end

function request()
    turn = turn % #heads + 1
    if lines == 1 then
        return heads[turn] .. message()
    end
    local made = {}
    for line = 1, lines do
        made[line] = message()
    end
    return heads[turn] .. table.concat(made, "\n")
end

function done(summary, latency)
    local errors = summary.errors
    local broken = errors.connect + errors.read + errors.write + errors.timeout
    io.write(string.format(
        'figures {"requests": %d, "refused": %d, "broken": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f}\n',
        summary.requests, errors.status, broken, summary.duration / 1e6,
        latency:percentile(50) / 1e3, latency:percentile(99) / 1e3
    ))
end
