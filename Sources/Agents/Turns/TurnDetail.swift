import JSON
import Tenancy

extension AgentLog.Detail {
    /// What a turn was, from the metadata of its reply.
    /// - Parameters:
    ///   - metadata: `{mode, skill, confidence, …}`; nil when nothing was said.
    ///   - source: `routing.source` of its trigger.
    ///   - channel: the conversation's platform.
    ///   - version: the version of the agent's definition.
    init(
        _ state: AgentLog.State, metadata: JSONObject?, source: String?, channel: String?, version: Int = 0,
        isEstimated: Bool = false
    ) {
        self.init()
        agentVersion = version
        if let channel { self.channel = channel }
        trigger = source
        mode = metadata?["mode"]?.stringValue.flatMap(Mode.init(rawValue:))
        skill = metadata?["skill"]?.stringValue
        confidence = metadata?["confidence"]?.numberValue
        steps = metadata?["steps"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0
        self.isEstimated = isEstimated
        outcome =
            switch state {
            case .handedOff: .handedOff
            case .failed: .failed
            case .superseded: .superseded
            case .cancelled: metadata == nil ? .cancelled : .supersededByHuman
            case .replied: Self.outcome(ofReply: metadata)
            }
    }

    private static func outcome(ofReply metadata: JSONObject?) -> Outcome {
        if metadata?["fallback"]?.boolValue == true { return .fallback }
        if metadata?["state"]?.stringValue == "rejected" { return .refused }
        let asks: Set<String> = ["choice", SkillEngine.clarification]
        return asks.contains(metadata?["skill"]?.stringValue ?? "") ? .clarified : .answered
    }
}
