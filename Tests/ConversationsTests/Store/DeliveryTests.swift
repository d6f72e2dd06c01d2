import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Conversations
@testable import Tenancy

@Suite struct DeliveryTests {
    private func conversation(_ bench: Bench, _ platform: Platform, customer: UUID? = .v7()) async throws -> UUID {
        try await bench.store.create(
            ConversationDraft(customerId: customer, platform: platform), in: .forJob(companyId: bench.company)
        ).conversation.id
    }

    @Test(arguments: Platform.allCases) func whatACustomerReadsElsewhereIsToBeSent(platform: Platform) async throws {
        try await Bench.with { bench in
            let scope = TenantScope.forJob(companyId: bench.company)
            let id = try await conversation(bench, platform)
            for role in MessageRole.allCases {
                let draft = MessageDraft(role: role, content: "x", agentName: role == .agent ? "sales" : nil)
                let message = try await bench.store.append(draft, to: id, in: scope).message
                let isSent = role != .customer && (platform == .whatsapp || platform == .email)
                #expect(message.delivery?.state == (isSent ? .pending : nil), "\(role) on \(platform)")
                #expect(try await bench.store.message(message.id, of: id, in: scope).delivery == message.delivery)
            }
            let waiting = try await bench.store.pendingDeliveries(in: id, scope)
            #expect(waiting.map(\.seq) == waiting.map(\.seq).sorted())
            #expect(waiting.count == (platform == .whatsapp || platform == .email ? 3 : 0))
        }
    }

    @Test func aMessageWithoutACustomerIsNot() async throws {
        try await Bench.with { bench in
            let id = try await conversation(bench, .whatsapp, customer: nil)
            let message = try await bench.store.append(
                MessageDraft(role: .agent, content: "x", agentName: "sales"), to: id,
                in: .forJob(companyId: bench.company)
            ).message
            #expect(message.delivery == nil)
        }
    }

    /// Acceptance test 7: in whatever order word comes, it never goes back.
    @Test func statesNeverGoBack() async throws {
        try await Bench.with { bench in
            let scope = TenantScope.forJob(companyId: bench.company)
            let id = try await conversation(bench, .whatsapp)
            for _ in 0..<5 {
                let message = try await bench.store.append(
                    MessageDraft(role: .agent, content: "x", agentName: "sales"), to: id, in: scope
                ).message
                var best = Delivery.State.pending
                for state in Delivery.State.allCases.shuffled() {
                    try await bench.store.note(Delivery(state), of: message.id, in: id, scope)
                    if state.predecessors.contains(best) { best = state }
                    #expect(try await bench.store.message(message.id, of: id, in: scope).delivery?.state == best)
                }
                // Once it is taken up it is not taken back.
                try await bench.store.note(Delivery(.read), of: message.id, in: id, scope)
                for state in [Delivery.State.queued, .needsTemplate, .sent, .failed, .delivered] {
                    try await bench.store.note(Delivery(state), of: message.id, in: id, scope)
                }
                try await bench.store.note(nil, of: message.id, in: id, scope)
                #expect(try await bench.store.message(message.id, of: id, in: scope).delivery?.state == .read)
            }
            #expect(try await bench.store.pendingDeliveries(in: id, scope).isEmpty)
        }
    }

    @Test func anotherCompanyNotesNothing() async throws {
        try await Bench.with { bench in
            let scope = TenantScope.forJob(companyId: bench.company)
            let id = try await conversation(bench, .whatsapp)
            let message = try await bench.store.append(
                MessageDraft(role: .agent, content: "x", agentName: "sales"), to: id, in: scope
            ).message
            let eve = TenantScope.forJob(companyId: .v7())
            try await bench.store.note(Delivery(.failed), of: message.id, in: id, eve)
            try await bench.store.note(nil, of: message.id, in: id, eve)
            #expect(try await bench.store.pendingDeliveries(in: id, eve).isEmpty)
            #expect(try await bench.store.message(message.id, of: id, in: scope).delivery?.state == .pending)
        }
    }
}
