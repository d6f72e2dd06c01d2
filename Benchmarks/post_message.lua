-- wrk: each connection writes messages, spread over the conversations in CONVERSATIONS (ids with commas between).
local ids = {}
for id in os.getenv("CONVERSATIONS"):gmatch("[^,]+") do ids[#ids + 1] = id end
local headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json" }
local count = 0

request = function()
    count = count + 1
    return wrk.format("POST", "/api/conversations/" .. ids[count % #ids + 1] .. "/messages", headers,
        '{"content":"A message of ordinary length, as customers write them all day."}')
end

done = function(summary) io.write(string.format("non-2xx: %d\n", summary.errors.status)) end
