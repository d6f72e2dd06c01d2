import Conversations
import Foundation

/// The turns that a stored message asks for.
enum TurnPlanning {
    /// The turns in their order; a call for a person or a hint is one, too.
    static func turns(for message: Message) -> [Turn] {
        let plan = RoutingPlan(message.routing ?? [:])
        let now = Date().inMilliseconds
        return names(plan).enumerated().map { ordinal, name in
            let isNotice = SystemNotice.isName(name)
            let pause = isNotice ? 0 : Double(plan.burstMilliseconds) / 1_000
            return Turn(
                id: TurnIdentity.turn(for: message, of: name), trigger: message, ordinal: ordinal, agent: name,
                isAddressed: isNotice || plan.isAddressed, notBefore: min(message.timestamp, now) + pause,
                createdAt: now)
        }
    }

    /// How many turns a message asks for.
    static func count(for message: Message) -> Int { names(RoutingPlan(message.routing ?? [:])).count }

    private static func names(_ plan: RoutingPlan) -> [String] {
        let notice: String? = plan.human ? SystemNotice.personName : plan.hint != nil ? SystemNotice.hintName : nil
        return [notice].compactMap { $0 } + plan.agents
    }
}
