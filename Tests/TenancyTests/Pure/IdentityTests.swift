import Foundation
import JSON
import Testing

@testable import Tenancy

@Suite struct IdentityTests {
    static let end = Date(timeIntervalSince1970: 2_000_000_000)

    static let identities = [
        Identity(
            .person(userId: UUID(), sessionId: UUID(), companyId: UUID(), role: .admin), plan: .pro,
            subscription: .pastDue, expiresAt: end),
        Identity(.person(userId: UUID(), sessionId: UUID(), companyId: UUID(), role: nil), expiresAt: end),
        Identity(.person(userId: UUID(), sessionId: UUID(), companyId: nil, role: nil), expiresAt: end),
        Identity(.apiKey(id: UUID(), companyId: UUID(), permissions: [.salesRead, .eventsRead]), expiresAt: nil),
        Identity(.visitor(companyId: UUID(), customerId: UUID()), plan: .business, expiresAt: end),
    ]

    @Test(arguments: identities) func comesBackFromTheCache(identity: Identity) throws {
        #expect(Identity(cached: try JSONValue.parse(identity.encoded)) == identity)
    }

    @Test(arguments: [
        "{}", #"{"kind":"person"}"#, #"{"kind":"worker","plan":"free","subscription":"active","expiresAt":null}"#,
        #"{"kind":"visitor","company":"x","customer":"y","plan":"free","subscription":"active","expiresAt":null}"#,
        #"{"kind":"apiKey","plan":"free","subscription":"active","expiresAt":"soon"}"#,
    ])
    func refusesWhatItDidNotWrite(text: String) throws {
        #expect(Identity(cached: try JSONValue.parse(text)) == nil)
    }

    @Test func aRoleWithoutACompanyIsRefused() throws {
        var value = try #require(try JSONValue.parse(Self.identities[0].encoded).objectValue)
        value["company"] = .null
        #expect(Identity(cached: .object(value)) == nil)
        value["company"] = .string(UUID().lowercased)
        value["role"] = "emperor"
        #expect(Identity(cached: .object(value)) == nil)
    }

    @Test func onlyMembersGetAScope() throws {
        #expect(try Self.identities[0].scope().role == .admin)
        #expect(throws: Unauthenticated.self) { try Self.identities[1].scope() }
        #expect(throws: Forbidden.self) { try Self.identities[2].scope() }
        #expect(Self.identities[1].companyId == nil)
    }

    @Test func endsInTime() {
        #expect(Self.identities[0].isValid(at: Self.end.addingTimeInterval(-1)))
        #expect(!Self.identities[0].isValid(at: Self.end))
        #expect(Self.identities[3].isValid(at: .distantFuture))
    }
}
