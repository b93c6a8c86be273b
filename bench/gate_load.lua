-- The client of bench/gate.py, for wrk: every request is a new message, as a phone would send it.
-- Arguments: file of the message with %s for its id, file of tokens, messages per request, seed of the ids.

local template, tokens, lines, head, tail
local number, turn = 0, 0

function init(args)
    local file = assert(io.open(args[1]))
    template = file:read("*a")
    file:close()
    tokens = {}
    for token in io.lines(args[2]) do
        tokens[#tokens + 1] = token
    end
    lines = tonumber(args[3])
    wrk.method = "POST"
    wrk.headers["Content-Type"] = lines == 1 and "application/json" or "application/x-ndjson"
    -- Ids in the form of UUIDv7, rising with time as those of real devices.
    local now = string.format("%012x", os.time() * 1000)
    head = now:sub(1, 8) .. "-" .. now:sub(9, 12) .. "-7000-"
    tail = "-%04x%08x"
    head = head .. string.format("8%03x", tonumber(args[4]))
end

local function message()
    number = number + 1
    return template:format(head .. tail:format(0, number))
end

function request()
    turn = turn % #tokens + 1
    wrk.headers["Authorization"] = "Bearer " .. tokens[turn]
    local made = {}
    for line = 1, lines do
        made[line] = message()
    end
    return wrk.format(nil, nil, nil, table.concat(made, "\n"))
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
