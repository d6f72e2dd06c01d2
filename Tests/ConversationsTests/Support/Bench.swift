import Foundation
import Logging
import Mongo
import Synchronization
import Testing

@testable import Conversations
@testable import Tenancy

/// Stores on a database of their own, each with its own client, as if each were a process.
struct Bench: Sendable {
    let database: MongoDatabase
    let stores: [ConversationStore]
    let events: EventLog
    let company = UUID.v7()

    var store: ConversationStore { stores[0] }
    var member: TenantScope { member(UUID()) }
    var key: TenantScope {
        TenantScope(companyId: company, caller: .apiKey(id: UUID(), permissions: Set(Permission.allCases)))
    }
    var worker: TenantScope { .forJob(companyId: company) }

    func member(_ userId: UUID, company: UUID? = nil) -> TenantScope {
        TenantScope(
            companyId: company ?? self.company, caller: .member(userId: userId, role: .member, sessionId: UUID()))
    }

    func visitor(_ customerId: UUID) -> TenantScope {
        TenantScope(companyId: company, caller: .visitor(customerId: customerId))
    }

    static let uri = ProcessInfo.processInfo.environment["MONGODB_URI"] ?? "mongodb://127.0.0.1:27017/switchboard"
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func with<Result>(
        stores count: Int = 1, uri: String = uri, configuration: ConversationConfiguration = .init(),
        timeout: Duration = .seconds(30), isDropped: Bool = true, _ body: (Bench) async throws -> Result
    ) async throws -> Result {
        let events = EventLog()
        var clients: [MongoClient] = []
        for _ in 0..<count {
            let configuration = try MongoConfiguration(uri: uri, operationTimeout: timeout)
            clients.append(MongoClient(configuration: configuration, logger: quiet))
        }
        let name = "conversations_\(UUID().uuidString.prefix(8))"
        let stores = clients.map { client in
            ConversationStore(
                client: client, database: client.database(name), configuration: configuration, logger: quiet,
                onEvent: { events.add($0) })
        }
        let database = clients[0].database(name)
        func end() async {
            for store in stores { await store.shutdown() }
            if isDropped { try? await database.drop() }
            for client in clients { await client.shutdown() }
        }
        do {
            try await ConversationSchema.apply(database)
            let result = try await body(Bench(database: database, stores: stores, events: events))
            await end()
            return result
        } catch {
            await end()
            throw error
        }
    }

    /// A conversation of the company on the web.
    func conversation(customer: UUID? = nil) async throws -> Conversation {
        try await store.create(ConversationDraft(customerId: customer, platform: .web), in: member).conversation
    }

    /// All messages of a conversation, read page by page.
    func all(_ conversation: UUID, limit: Int = 200) async throws -> [Message] {
        var messages: [Message] = []
        var position: MessagePosition? = .after(0)
        while let at = position {
            let page = try await store.messages(of: conversation, at: at, limit: limit, in: worker)
            messages += page.messages
            position = page.next
        }
        return messages
    }
}

/// What a store told.
final class EventLog: Sendable {
    private let events = Mutex<[ConversationEvent]>([])

    func add(_ event: ConversationEvent) { events.withLock { $0.append(event) } }

    var all: [ConversationEvent] { events.withLock { $0 } }

    var appended: [Message] {
        all.flatMap { event -> [Message] in
            guard case .messagesAppended(let messages) = event.change else { return [] }
            return messages.map(\.message)
        }
    }
}

extension MessageDraft {
    static func text(_ content: String, client: String? = nil, id: UUID? = nil) -> MessageDraft {
        MessageDraft(role: .user, content: content, id: id, clientMessageId: client)
    }
}
