public import JSON

/// What agents did and took in some time, all of it or one part of it.
public struct Usage: Sendable, Hashable {
    /// Turns.
    public var turns: Int64 = 0
    /// Turns that a model answered without handing over: what a budget of turns counts.
    public var modelTurns: Int64 = 0
    /// Tokens read by models.
    public var tokensIn: Int64 = 0
    /// Tokens written by models.
    public var tokensOut: Int64 = 0
    /// Millionths of a US dollar.
    public var costMicros: Int64 = 0
    /// Turns that called a person.
    public var handoffs: Int64 = 0
    /// Turns that rules answered because the model could not.
    public var fallbacks: Int64 = 0
    /// Turns that failed.
    public var failures: Int64 = 0

    /// Nothing.
    public init() {}

    /// Writes its fields into an object that is being written.
    public func encodeFields(into writer: inout JSONWriter) {
        writer.field("turns", turns)
        writer.field("modelTurns", modelTurns)
        writer.field("tokensIn", tokensIn)
        writer.field("tokensOut", tokensOut)
        writer.field("costMicros", costMicros)
        writer.field("handoffs", handoffs)
        writer.field("fallbacks", fallbacks)
        writer.field("failures", failures)
    }
}

/// The usage of one day, agent or channel.
public struct UsagePart: Sendable, Hashable {
    /// The day as `2026-01-31`, the agent's name or the channel.
    public let key: String
    /// What was used.
    public let usage: Usage

    /// A part.
    public init(key: String, usage: Usage) {
        self.key = key
        self.usage = usage
    }
}

extension UsagePart: JSONEncodable {
    /// Writes `{key, turns, …}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("key", key)
            usage.encodeFields(into: &$0)
        }
    }
}
