/// `@mail` and `@cal` in a company where no mailbox or calendar is linked: they say so.
public struct UnlinkedAgent: Agent {
    /// How the registry lists it.
    public let profile: AgentProfile
    /// None.
    public let tools: [any Tool] = []
    private let answers: [Language: String]

    /// `@mail` without a mailbox.
    public static let mail = UnlinkedAgent(
        AgentProfile(
            name: "mail", description: "Reads and searches e-mail, once a mailbox is linked.", audience: .internal,
            examples: [.english: "@mail unread", .spanish: "@mail no leídos"],
            keywords: ["mail", "email", "inbox", "unread", "correo", "correos", "bandeja"]),
        [
            .english: "No mailbox is linked yet, so I cannot read or write e-mail.",
            .spanish: "Todavía no hay ningún buzón vinculado, así que no puedo leer ni escribir correo.",
        ])

    /// `@cal` without a calendar.
    public static let cal = UnlinkedAgent(
        AgentProfile(
            name: "cal", description: "Shows and books appointments, once a calendar is linked.", audience: .internal,
            examples: [.english: "@cal today", .spanish: "@cal hoy"],
            keywords: ["calendar", "meeting", "appointment", "schedule", "agenda", "calendario", "cita", "reunion"]),
        [
            .english: "No calendar is linked yet, so I cannot see or book appointments.",
            .spanish: "Todavía no hay ningún calendario vinculado, así que no puedo ver ni reservar citas.",
        ])

    init(_ profile: AgentProfile, _ answers: [Language: String]) {
        self.profile = profile
        self.answers = answers
    }

    /// Says that nothing is linked.
    public func answer(_ turn: AgentTurn) async throws -> AgentAnswer {
        var answer = AgentAnswer(answers[turn.language(nil)] ?? "", memory: turn.memory, confidence: 0)
        answer.complete(skill: "unlinked", confidence: 0)
        return answer
    }
}
