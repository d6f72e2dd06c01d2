import Mongo

/// What MongoDB itself refuses. They guard against other programs: what this one writes always fits, which the append
/// relies on (see ``AppendPlanner``), so a rule here must never be narrower than the types in Swift.
enum ConversationValidators {
    static let conversations = schema(
        required: [
            "_id", "companyId", "ownerId", "platform", "control", "metadata", "lastActivityAt", "version", "createdAt",
            "updatedAt",
        ],
        properties: [
            ("_id", type("binData")), ("companyId", type("binData")), ("ownerId", type("binData")),
            ("threadOf", type("binData")), ("customerId", type("binData")),
            ("platform", oneOf(Platform.allCases.map(\.rawValue))), ("title", type("string")),
            ("assignee", type("binData")), ("agent", type("string")),
            (
                "control",
                object(
                    required: ["version"],
                    [
                        ("holder", type("string")), ("version", type("long")), ("requestedAt", type("date")),
                        ("changedAt", type("date")), ("remindedAt", type("date")), ("boundarySeq", type("long")),
                    ])
            ),
            (
                "metadata",
                object(
                    required: ["messageCount", "status"],
                    [
                        ("lastMessageAt", type("date")), ("messageCount", type("long")),
                        ("status", oneOf(ConversationStatus.allCases.map(\.rawValue) + ["deleted"])),
                    ])
            ),
            ("attributes", freeForm), ("visitorAttributes", freeForm), ("lastActivityAt", type("date")),
            ("version", type("long")),
            ("createdAt", type("date")), ("updatedAt", type("date")), ("deletedAt", type("date")),
            ("news", type("array")),
        ])

    static let messages = schema(
        required: ["_id", "companyId", "conversationId", "seq", "timestamp", "role", "sender", "content"],
        properties: [
            ("_id", type("binData")), ("companyId", type("binData")), ("conversationId", type("binData")),
            ("seq", ["bsonType": "long", "minimum": 1]), ("timestamp", type("date")),
            ("role", oneOf(MessageRole.allCases.map(\.rawValue))), ("sender", type("string")),
            ("content", type("string")), ("agentName", type("string")), ("clientMessageId", type("string")),
            ("metadata", freeForm), ("inReplyTo", type("binData")), ("turnId", type("binData")),
            ("routing", freeForm), ("editedAt", type("date")), ("deletedAt", type("date")), ("news", type("array")),
            ("tracesSince", type("date")), ("labels", type("object")),
            (
                "delivery",
                object(
                    required: ["state"],
                    [
                        ("state", oneOf(Delivery.State.allCases.map(\.rawValue))),
                        ("error", type("string")), ("updatedAt", type("date")),
                    ])
            ),
        ])

    static let turns = schema(
        required: [
            "_id", "companyId", "conversationId", "triggerMessageId", "triggerSeq", "ordinal", "agent", "author",
            "status", "attempt", "notBefore", "createdAt",
        ],
        properties: [
            ("_id", type("binData")), ("companyId", type("binData")), ("conversationId", type("binData")),
            ("triggerMessageId", type("binData")), ("triggerSeq", type("long")), ("ordinal", type("long")),
            ("agent", type("string")), ("author", type("string")), ("isAddressed", type("bool")),
            ("status", oneOf(Turn.State.allCases.map(\.rawValue))), ("attempt", type("long")),
            ("notBefore", type("date")), ("createdAt", type("date")), ("startedAt", type("date")),
            ("finishedAt", type("date")), ("lease", type("binData")), ("leaseUntil", type("date")),
            ("slot", type("long")), ("covers", type("array")), ("supersededBy", type("binData")),
            ("replyMessageId", type("binData")), ("error", type("string")), ("draft", type("string")),
            ("tools", type("array")), ("input", freeForm), ("record", freeForm),
        ])

    static let toolCalls = schema(
        required: ["companyId", "conversationId", "turnId", "callId", "tool", "status"],
        properties: [
            ("companyId", type("binData")), ("conversationId", type("binData")), ("turnId", type("binData")),
            ("callId", type("string")), ("tool", type("string")),
            ("status", oneOf(ToolCallRecord.State.allCases.map(\.rawValue))), ("arguments", freeForm),
            ("error", type("string")), ("updatedAt", type("date")),
        ])

    static let approvals = schema(
        required: [
            "_id", "companyId", "ownerId", "conversationId", "turnId", "callId", "tool", "argumentsHash", "status",
            "createdAt", "expiresAt",
        ],
        properties: [
            ("_id", type("binData")), ("companyId", type("binData")), ("ownerId", type("binData")),
            ("conversationId", type("binData")), ("turnId", type("binData")), ("callId", type("string")),
            ("agent", type("string")), ("tool", type("string")), ("summary", type("string")),
            ("arguments", freeForm), ("argumentsHash", type("string")),
            ("status", oneOf(Approval.State.allCases.map(\.rawValue))), ("createdAt", type("date")),
            ("expiresAt", type("date")), ("decidedBy", type("binData")), ("decidedAt", type("date")),
            ("isOpen", type("bool")),
        ])

    static let summaries = schema(
        required: ["_id", "companyId", "conversationId", "revision"],
        properties: [
            ("_id", type("binData")), ("companyId", type("binData")), ("conversationId", type("binData")),
            ("revision", type("long")), ("after", type("long")), ("seq", type("long")), ("text", type("string")),
            ("labels", type("object")), ("readAt", type("date")), ("lease", type("binData")),
            ("leaseUntil", type("date")),
        ])

    static let readMarks = schema(
        required: ["companyId", "userId", "conversationId", "seq"],
        properties: [
            ("companyId", type("binData")), ("userId", type("binData")), ("conversationId", type("binData")),
            ("seq", ["bsonType": "long", "minimum": 0]), ("updatedAt", type("date")),
        ])

    static let idempotency = schema(
        required: ["_id", "scope", "key", "fingerprint", "resourceId", "token", "leaseUntil", "createdAt"],
        properties: [
            ("_id", type("binData")), ("scope", type("string")), ("key", type("string")),
            ("fingerprint", type("binData")), ("resourceId", type("binData")), ("token", type("binData")),
            ("leaseUntil", type("date")), ("createdAt", type("date")), ("answer", type("binData")),
        ])

    /// An object, or the JSON text of one that MongoDB might interpret (``FreeForm``).
    private static let freeForm: BSONDocument = ["bsonType": ["object", "binData"]]

    private static func type(_ name: String) -> BSONDocument { ["bsonType": .string(name)] }

    private static func oneOf(_ words: [String]) -> BSONDocument { ["enum": .array(words.map { .string($0) })] }

    private static func object(required: [String], _ properties: [(String, BSONDocument)]) -> BSONDocument {
        [
            "bsonType": "object", "required": .array(required.map { .string($0) }),
            "properties": .document(BSONDocument(properties.map { ($0, .document($1)) })),
        ]
    }

    private static func schema(required: [String], properties: [(String, BSONDocument)]) -> BSONDocument {
        ["$jsonSchema": .document(object(required: required, properties))]
    }
}
