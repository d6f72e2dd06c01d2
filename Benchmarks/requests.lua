-- wrk: sends the requests of the file REQUESTS, one a line, tabs between: method, path, token, If-None-Match, body.
-- "#########" in a body becomes a number that is different in every request of this run.
local places = {}
local number = 0

function init()
    for line in io.lines(os.getenv("REQUESTS")) do
        local method, path, token, tag, body = line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.*)$")
        local headers = { ["Authorization"] = "Bearer " .. token }
        if tag ~= "" then headers["If-None-Match"] = tag end
        if body ~= "" then headers["Content-Type"] = "application/json" else body = nil end
        -- Formatted once: the number has always nine digits, so the length stays the same.
        local text = wrk.format(method, path, headers, body)
        local from, to = text:find("#########", 1, true)
        if from then
            places[#places + 1] = { text:sub(1, from - 1), text:sub(to + 1) }
        else
            places[#places + 1] = { text }
        end
    end
end

function request()
    number = number + 1
    local place = places[number % #places + 1]
    if not place[2] then return place[1] end
    return place[1] .. string.format("%09d", number) .. place[2]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\nRESULT {"requests":%d,"microseconds":%d,"bytes":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d,"max":%d}\n',
        summary.requests, summary.duration, summary.bytes, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50), latency:percentile(99), latency.max))
end
