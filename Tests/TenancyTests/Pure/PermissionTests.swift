import Foundation
import Testing

@testable import Tenancy

@Suite struct PermissionTests {
    @Test func ownersMayDoEverything() {
        #expect(Role.owner.permissions == Set(Permission.allCases))
    }

    @Test func adminsMayDoAllButPay() {
        #expect(Set(Permission.allCases).subtracting(Role.admin.permissions) == [.subscriptionWrite])
    }

    @Test func membersReadAllAndWriteTheDailyWork() {
        let writes = Role.member.permissions.filter { !$0.isRead }
        #expect(writes == [.productsWrite, .customersWrite, .salesWrite, .conversationsWrite, .emailsWrite])
        #expect(Permission.allCases.filter(\.isRead).allSatisfy(Role.member.permissions.contains))
    }

    @Test func visitorsReachConversationsOnly() {
        let scope = TenantScope(companyId: UUID(), caller: .visitor(customerId: UUID()))
        #expect(scope.permissions == [.conversationsRead, .conversationsWrite])
        #expect(throws: Forbidden(.customersRead)) { try scope.require(.customersRead) }
        #expect(throws: Forbidden(.eventsRead)) { try scope.require(.eventsRead) }
    }

    @Test func aKeyMayDoWhatItsScopesSay() throws {
        let scope = TenantScope(companyId: UUID(), caller: .apiKey(id: UUID(), permissions: [.productsRead]))
        try scope.require(.productsRead)
        #expect(throws: Forbidden(.productsWrite)) { try scope.require(.productsWrite) }
        #expect(scope.userId == nil)
    }

    @Test func theScopesAreTheOnesOfTheContract() {
        #expect(
            Permission.allCases.map(\.rawValue) == [
                "company:read", "company:write", "members:read", "members:write", "products:read", "products:write",
                "customers:read", "customers:write", "sales:read", "sales:write", "subscription:read",
                "subscription:write", "api-keys:read", "api-keys:write", "conversations:read", "conversations:write",
                "emails:read", "emails:write", "agents:read", "agents:write", "agent-logs:read", "events:read",
                "webhooks:read", "webhooks:write",
            ])
    }
}
