import Foundation
import JSON
import Tenancy
import Testing

@testable import Agents

@Suite("Private things, strangers' words and a way out never meet")
struct TaintTests {
    @Test("The table of rules")
    func rules() {
        let none = Taint()
        let external = Taint(isExternal: true)
        let isPrivate = Taint(isPrivate: true)
        let both = Taint(isExternal: true, isPrivate: true)
        for way in [ToolEffect.externalSend, .externalWrite, .money] {
            #expect(none.permission(for: way) == .byPolicy)
            #expect(isPrivate.permission(for: way) == .byPolicy)
            #expect(external.permission(for: way) == .approve)
            #expect(both.permission(for: way) == .approve)
        }
        #expect(external.permission(for: .internalWrite) == .byPolicy)
        #expect(both.permission(for: .internalWrite) == .approve)
        #expect([none, external, isPrivate, both].map(\.mayReachCustomer) == [true, true, false, false])
        #expect(
            [none, external, isPrivate, both].map(\.links) == [.companyAndShared, .company, .companyAndShared, .none])
    }

    @Test("A turn that read a stranger's words writes nothing private afterwards without approval")
    func box() async throws {
        let box = ToolBox(
            [TestTool("read_mail", .privateRead, isExternal: true), TestTool("save", .internalWrite)],
            audience: .internal, scope: .test(.user(.v7())))
        _ = try await box.call("save", ["text": "before"], by: .model)
        _ = try await box.call("read_mail", by: .model)
        #expect(box.taint == Taint(isExternal: true, isPrivate: true))
        await #expect(throws: ToolError.needsApproval("save")) {
            _ = try await box.call("save", ["text": "after"], by: .model)
        }
        // The person's own words, read by a skill, still count.
        _ = try await box.call("save", ["text": "after"])
    }
}

@Suite("A customer's message never reaches a private tool")
struct CapabilityTests {
    @Test(
        "Whatever the agent's audience and the place", arguments: AgentAudience.allCases, [true, false])
    func customer(_ audience: AgentAudience, _ isRead: Bool) async {
        let forbidden: [ToolEffect] = [.privateRead, .externalSend, .externalWrite, .money]
        for effect in ToolEffect.allCases {
            let refusal = ToolPermission.refusal(
                effect, audience: audience, author: .customer, isReadByCustomer: isRead)
            #expect((refusal != nil) == forbidden.contains(effect), "\(effect)")
            let box = ToolBox(
                [TestTool("t", effect)], audience: audience, scope: .test(.customer(.v7()), isReadByCustomer: isRead))
            #expect(box.offered.isEmpty == forbidden.contains(effect))
            for caller in [ToolBox.Caller.skill, .model] where forbidden.contains(effect) {
                await #expect(throws: ToolError.self) { _ = try await box.call("t", by: caller) }
            }
            #expect(box.calls.isEmpty || !forbidden.contains(effect))
        }
    }

    @Test("Members read private things only where no customer reads along; agents for customers never")
    func member() {
        func refusal(_ audience: AgentAudience, _ isRead: Bool) -> ToolError? {
            ToolPermission.refusal(.privateRead, audience: audience, author: .member, isReadByCustomer: isRead)
        }
        #expect(refusal(.internal, false) == nil)
        #expect(refusal(.internal, true) == .customerReads)
        #expect(refusal(.both, false) != nil)
        #expect(refusal(.customer, false) != nil)
    }

    @Test("Skills and models have a measure of calls each")
    func measures() async throws {
        let box = ToolBox([TestTool("t", .catalogRead)], audience: .both, scope: .test(.user(.v7())))
        for number in 0..<12 { _ = try await box.call("t", ["text": .string("\(number)")], by: .model) }
        await #expect(throws: ToolError.self) { _ = try await box.call("t", ["text": "13"], by: .model) }
        _ = try await box.call("t", ["text": "x"])
        _ = try await box.call("t", ["text": "x"])
        await #expect(throws: ToolError.self) { _ = try await box.call("t", ["text": "x"]) }
    }
}
