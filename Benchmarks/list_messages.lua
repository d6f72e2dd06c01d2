-- wrk: reads the last page of messages of the conversations in CONVERSATIONS.
local ids = {}
for id in os.getenv("CONVERSATIONS"):gmatch("[^,]+") do ids[#ids + 1] = id end
local headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
local count = 0

request = function()
    count = count + 1
    return wrk.format("GET", "/api/conversations/" .. ids[count % #ids + 1] .. "/messages?limit=50", headers)
end
