import JSON

/// What Switchboard itself says in a conversation about the routing of a message.
enum SystemNotice: Sendable, Hashable {
    /// A person was asked for.
    case personCalled
    /// A handle that names nobody, and the agent that was probably meant.
    case didYouMean(String, String)

    /// What the notice's id derives from; not a possible agent's name.
    var name: String {
        switch self {
        case .personCalled: "#person"
        case .didYouMean: "#hint"
        }
    }

    var state: String {
        switch self {
        case .personCalled: "handed_off"
        case .didYouMean: "replied"
        }
    }

    var metadata: JSONObject {
        switch self {
        case .personCalled: ["mode": "notice", "skill": "handoff", "confidence": 0, "handoff": true]
        case .didYouMean: ["mode": "notice", "skill": "hint", "confidence": 0]
        }
    }

    func text(_ language: Language) -> String {
        switch (self, language) {
        case (.personCalled, .english): "A person of the team was called and will answer here."
        case (.personCalled, .spanish): "Se ha avisado a una persona del equipo, que responderá aquí."
        case (.didYouMean(let typed, let meant), .english): "There is no agent @\(typed). Did you mean @\(meant)?"
        case (.didYouMean(let typed, let meant), .spanish): "No hay ningún agente @\(typed). ¿Querías decir @\(meant)?"
        }
    }
}
