import Conversations
import JSON

/// What a reply says while a tool call waits for a member, and when it was decided against.
enum ApprovalNotice {
    /// The reply while the turn waits.
    static func waiting(_ approvals: [Approval], _ language: Language) -> (text: String, metadata: JSONObject) {
        let head =
            switch language {
            case .english: "This waits for the approval of a member:"
            case .spanish: "Esto espera la aprobación de un miembro:"
            }
        return (
            ([head] + approvals.map(\.summary)).joined(separator: "\n\n"),
            [
                "mode": "notice", "skill": "approval", "confidence": 0, "state": "pending_approval",
                "approvals": .array(approvals.map { .string($0.id.lowercased) }),
            ]
        )
    }

    /// The reply when the agent had nothing else to say about it.
    static func refused(_ approvals: [Approval], _ language: Language) -> String {
        let isExpired = approvals.contains { $0.state == .expired }
        let head =
            switch (language, isExpired) {
            case (.english, false): "Not done, a member decided against it:"
            case (.english, true): "Not done, nobody approved it in time:"
            case (.spanish, false): "No se ha hecho, un miembro lo ha rechazado:"
            case (.spanish, true): "No se ha hecho, nadie lo ha aprobado a tiempo:"
            }
        return ([head] + approvals.map(\.summary)).joined(separator: "\n\n")
    }
}
