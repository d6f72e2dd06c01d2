/// One statement, rendered and checked, ready to be sent.
struct Operation: Sendable {
    let text: String
    let parameters: Parameters
    let readsOnly: Bool

    init(_ sql: SQL) throws {
        text = sql.text
        if text.utf8.contains(0) {
            throw PostgresError(.invalidText, message: "a statement must not contain U+0000")
        }
        parameters = try Parameters(sql.parameters)
        readsOnly = sql.readsOnly
    }
}

/// Statements that are sent together and answered together: one round trip.
struct Batch: Sendable {
    /// What is sent, in order.
    var operations: [Operation]
    /// Whose rows are the batch's.
    var main: Int
    /// The connection is lost: before this operation was answered the transaction is surely gone, from here on nobody
    /// knows. `operations.count` is the final sync, where a bare statement commits. Nil: the batch commits nothing.
    var commit: Int?
    /// Nothing went before on this connection, so that it may be opened for this batch.
    var opens: Bool
    /// No transaction may be left open behind it.
    var closes: Bool
    /// Whether the task's cancellation and `timeout` cancel it.
    var isCancellable = true
    var timeout: Duration
    /// Whether to keep statements prepared.
    var prepares = true

    /// A statement of its own. With settings it gets a transaction of its own around it.
    static func single(_ sql: SQL, settings: PostgresSettings, timeout: Duration) throws -> Batch {
        let statement = try Operation(sql)
        let writes = !statement.readsOnly
        if settings.isEmpty {
            return Batch(
                operations: [statement], main: 0, commit: writes ? 1 : nil, opens: true, closes: true, timeout: timeout)
        }
        return Batch(
            operations: [
                try Operation("BEGIN"), try Operation(settings.statement), statement, try Operation("COMMIT"),
            ],
            main: 2, commit: writes ? 3 : nil, opens: true, closes: true, timeout: timeout)
    }

    /// The first statement of a transaction, which brings `BEGIN` and the settings along.
    static func first(_ sql: SQL, settings: PostgresSettings, timeout: Duration) throws -> Batch {
        var operations = [try Operation("BEGIN")]
        if !settings.isEmpty { operations.append(try Operation(settings.statement)) }
        operations.append(try Operation(sql))
        return Batch(
            operations: operations, main: operations.count - 1, commit: nil, opens: true, closes: false,
            timeout: timeout)
    }

    /// A later statement of a transaction.
    static func next(_ sql: SQL, timeout: Duration) throws -> Batch {
        Batch(
            operations: [try Operation(sql)], main: 0, commit: nil, opens: false, closes: false, timeout: timeout)
    }

    /// The end of a transaction. It is not cancelled: whoever asks for it wants to know how it ended.
    static func end(commit: Bool, wrote: Bool, timeout: Duration) throws -> Batch {
        Batch(
            operations: [try Operation(commit ? "COMMIT" : "ROLLBACK")], main: 0, commit: commit && wrote ? 0 : nil,
            opens: false, closes: true, isCancellable: false, timeout: timeout)
    }
}
