public import Conversations
public import Tenancy

/// Decides which agents a message starts (docs/agents.md). Pure.
public struct Router: Sendable {
    /// Where a message is written, as far as it matters for who answers.
    public enum Surface: Sendable, Hashable {
        /// A member's own thread, `/messages`: `assistant` answers what mentions nobody.
        case ownThread
        /// The web chat, with the company's `settings.widgetAgent`, which may be nobody.
        case widget(agent: String?)
        /// Anywhere else.
        case other
    }

    /// What is known about the message and its conversation.
    public struct Request: Sendable {
        /// The text.
        public var content: String
        /// Who speaks.
        public var role: MessageRole
        /// The agent that was named outside the text, in `POST /agents/{name}/chat`.
        public var target: String?
        /// Where it is written.
        public var surface: Surface
        /// The conversation's own agent.
        public var conversationAgent: String?
        /// The conversation's `control.holder`.
        public var holder: String?
        /// Whether a person was called for and has not come.
        public var isPersonCalled: Bool
        /// The agent whose message this one answers.
        public var replyTo: String?
        /// The agent that asked last, when this message is nothing but an answer (``BareReply``).
        public var asking: String?
        /// Whether the conversation is with a customer.
        public var hasCustomer: Bool
        /// The channel.
        public var platform: Platform

        /// A request for a message.
        public init(
            content: String, role: MessageRole, target: String? = nil, surface: Surface,
            conversationAgent: String? = nil,
            holder: String? = nil, isPersonCalled: Bool = false, replyTo: String? = nil, hasCustomer: Bool,
            platform: Platform
        ) {
            self.isPersonCalled = isPersonCalled
            self.replyTo = replyTo
            self.content = content
            self.role = role
            self.target = target
            self.surface = surface
            self.conversationAgent = conversationAgent
            self.holder = holder
            self.hasCustomer = hasCustomer
            self.platform = platform
        }

        /// A request for a message in a conversation.
        public init(
            content: String, role: MessageRole, in conversation: Conversation, surface: Surface, target: String? = nil
        ) {
            self.init(
                content: content, role: role, target: target, surface: surface, conversationAgent: conversation.agent,
                holder: conversation.control.holder, isPersonCalled: conversation.control.requestedAt != nil,
                hasCustomer: conversation.customerId != nil,
                platform: conversation.platform)
        }
    }

    private let directory: MentionDirectory

    /// Plans what can start nobody, whatever agents there are; nil for what may: then a router has to know them.
    static func planOfNobody(_ request: Request) throws(NotFound) -> RoutingPlan? {
        guard request.target == nil, request.replyTo == nil, request.asking == nil, request.conversationAgent == nil,
            request.holder?.hasPrefix("agent:") != true,
            request.surface == .other || request.surface == .widget(agent: nil),
            !MentionParser.mayMention(request.content)
        else { return nil }
        return try Router(.nobody).plan(request)
    }

    /// A router that knows the agents its author may reach.
    public init(_ directory: MentionDirectory) { self.directory = directory }

    /// Agents that may answer one message on a channel.
    public static func maximumAgents(on platform: Platform) -> Int {
        switch platform {
        case .web, .api, .internal: MentionParser.maximumAgents
        case .email, .whatsapp: 1
        }
    }

    /// How long to wait for the next piece of a thought, in milliseconds: people send them in pieces on a phone.
    static func burstMilliseconds(on platform: Platform) -> Int { platform == .whatsapp ? 1_500 : 0 }

    /// The plan; empty for roles that start nobody.
    /// - Throws: `NotFound` for a target the author may not reach.
    public func plan(_ request: Request) throws(NotFound) -> RoutingPlan {
        var plan = RoutingPlan()
        guard request.role.startsAgents else { return plan }
        plan.burstMilliseconds = Self.burstMilliseconds(on: request.platform)
        if let target = request.target {
            guard case .agent(let name) = directory.resolve(target.lowercased()) else { throw NotFound("agent") }
            plan.agents = [name]
            plan.source = .explicit
            return gated(plan, request)
        }
        let parsed = MentionParser.parse(
            request.content, directory: directory, maximumAgents: Self.maximumAgents(on: request.platform))
        plan.unknown = parsed.unknown
        plan.human = parsed.human
        plan.truncated = parsed.truncated
        plan.hint = parsed.hint
        plan.agents = parsed.agents.map(\.name)
        plan.source = parsed.source
        if request.role == .customer, HandoffWords.asks(request.content) {
            plan.human = true
            plan.agents = []
            plan.source = .none
        }
        if plan.agents.isEmpty, !plan.human, plan.hint == nil, let replyTo = request.replyTo,
            case .agent(let name) = directory.resolve(replyTo)
        {
            plan.agents = [name]
            plan.source = .replyTo
        }
        if plan.agents.isEmpty, !plan.human, plan.hint == nil, let asking = request.asking,
            case .agent(let name) = directory.resolve(asking)
        {
            plan.agents = [name]
            plan.source = .sticky
        }
        if plan.agents.isEmpty, !plan.human, plan.hint == nil, let (name, source) = standing(request) {
            plan.agents = [name]
            plan.source = source
        }
        return gated(plan, request)
    }

    /// Who answers a message that names nobody. What a member writes to a customer is that member's answer.
    private func standing(_ request: Request) -> (String, ParsedMentions.Source)? {
        if request.hasCustomer, request.role == .user { return nil }
        let holder = request.holder.flatMap { $0.hasPrefix("agent:") ? String($0.dropFirst("agent:".count)) : nil }
        var candidates: [(String?, ParsedMentions.Source)] = [
            (holder, .conversationDefault), (request.conversationAgent, .conversationDefault),
        ]
        switch request.surface {
        case .ownThread: candidates.append(("assistant", .companyDefault))
        case .widget(let agent): candidates.append((agent, .channelDefault))
        case .other: break
        }
        for case (let name?, let source) in candidates {
            if case .agent(let canonical) = directory.resolve(name) { return (canonical, source) }
        }
        return nil
    }

    /// While a person has control or was called, agents answer only members who call them.
    private func gated(_ plan: RoutingPlan, _ request: Request) -> RoutingPlan {
        let control = Control(holder: request.holder)
        guard control.isHeldByPerson || request.isPersonCalled else { return plan }
        if request.role == .user, plan.isAddressed { return plan }
        var silent = plan
        silent.agents = []
        silent.source = .none
        silent.human = false
        return silent
    }
}
