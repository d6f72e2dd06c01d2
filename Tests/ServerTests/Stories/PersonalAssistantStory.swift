import TestSupport
import Testing

/// The README's first story: one person, two devices, an assistant that remembers.
@Suite struct PersonalAssistantStory {
    @Test func remembersAcrossDevices() async throws {
        let phone = try await TestServer.shared.api.register()
        let laptop = try await TestServer.second.api.login(phone)
        let told = try await phone.api.post("/api/messages", ["content": "@mem remember the door code is 4711"])
        try told.expect(201)
        #expect(told["replies"].arrayValue?.count == 1)
        let asked = try await laptop.api.post("/api/messages", ["content": "@mem what is the door code?"]).expect(201)
        #expect(asked["replies"].arrayValue?.first?["content"]?.stringValue?.contains("4711") == true)
        let history = try await phone.api.get("/api/messages").expect(200)
        #expect(history.data.compactMap { $0["seq"]?.integerValue } == [1, 2, 3, 4])
        try await phone.api.post("/api/auth/logout").expect(204)
        try await phone.api.get("/api/messages").expect(401)
        try await laptop.api.get("/api/messages").expect(200)
    }
}
