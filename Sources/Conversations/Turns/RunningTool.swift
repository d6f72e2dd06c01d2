import Foundation
import Mongo

/// A tool call that a turn is making, as those who connect in the middle are told of it. Neither arguments nor results.
public struct RunningTool: Sendable, Hashable {
    /// Its number among the calls of this run of the turn, from 1.
    public let call: Int
    /// The name of the agent that makes it: the turn's, or one that was asked by it.
    public let agent: String
    /// The tool's name.
    public let tool: String
    /// What the tool does, for people.
    public let label: String

    /// A call.
    public init(call: Int, agent: String, tool: String, label: String) {
        self.call = call
        self.agent = agent
        self.tool = tool
        self.label = label
    }

    var document: BSONDocument {
        ["call": .int64(Int64(call)), "agent": .string(agent), "tool": .string(tool), "label": .string(label)]
    }

    init?(_ document: BSONDocument) {
        guard let call = document.int("call"), let agent = document.string("agent"), let tool = document.string("tool")
        else { return nil }
        self.init(call: call, agent: agent, tool: tool, label: document.string("label") ?? tool)
    }
}
