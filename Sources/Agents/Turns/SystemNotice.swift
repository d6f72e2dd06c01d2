import Conversations
import JSON

/// What Switchboard itself says in a conversation.
enum SystemNotice: Sendable, Hashable {
    /// A person was asked for.
    case personCalled
    /// Nobody came so far.
    case stillWaiting
    /// The author asked too much of agents for now.
    case tooMany
    /// A handle that names nobody, and the agent that was probably meant.
    case didYouMean(String, String)

    /// What stands for an agent's name in the turn of a call for a person.
    static let personName = "#person"
    /// What stands for an agent's name in the turn of a hint.
    static let hintName = "#hint"

    /// Whether a turn's `agent` is no agent.
    static func isName(_ name: String) -> Bool { name.hasPrefix("#") }

    /// The notice of a turn.
    init?(turn name: String, _ plan: RoutingPlan) {
        switch name {
        case Self.personName: self = .personCalled
        case Self.hintName: self = .didYouMean(plan.unknown.first ?? "", plan.hint ?? "")
        default: return nil
        }
    }

    var metadata: JSONObject {
        switch self {
        case .personCalled: ["mode": "notice", "skill": "handoff", "confidence": 0, "handoff": true]
        case .stillWaiting: ["mode": "notice", "skill": "handoff", "confidence": 0, "handoff": true, "reminder": true]
        case .tooMany: ["mode": "notice", "skill": "limit", "confidence": 0]
        case .didYouMean: ["mode": "notice", "skill": "hint", "confidence": 0]
        }
    }

    func text(_ language: Language) -> String {
        switch (self, language) {
        case (.personCalled, .english): "A person of the team was called and will answer here."
        case (.personCalled, .spanish): "Se ha avisado a una persona del equipo, que responderá aquí."
        case (.stillWaiting, .english): "Thank you for your patience: the team was told again that you are waiting."
        case (.stillWaiting, .spanish): "Gracias por la paciencia: se ha vuelto a avisar al equipo de que esperas."
        case (.tooMany, .english):
            "That is a lot for one hour: agents answer you again in a while. What you write is kept, and people can read it."
        case (.tooMany, .spanish):
            "Eso es mucho para una hora: los agentes te responderán de nuevo en un rato. Lo que escribas se guarda y las personas pueden leerlo."
        case (.didYouMean(let typed, let meant), .english): "There is no agent @\(typed). Did you mean @\(meant)?"
        case (.didYouMean(let typed, let meant), .spanish): "No hay ningún agente @\(typed). ¿Querías decir @\(meant)?"
        }
    }
}
