internal import CLibmongoc

/// Where MongoDB is and how much of it one client may use.
public struct MongoConfiguration: Sendable {
    /// The connection string, `mongodb://…` or `mongodb+srv://…`. May contain a password: never log it.
    public let uri: String
    /// The database named in the connection string, `switchboard` when it names none.
    public let database: String
    /// Threads of the client's own that talk to the server, each on its own connection: 2 to 64.
    public var threads: Int
    /// How many operations may wait for a thread before new ones fail with `queueFull`: 1 to 100,000.
    public var queueLimit: Int
    /// How long one operation may take, waiting included: 10 ms to 10 minutes.
    public var operationTimeout: Duration
    /// How long one transaction may take with all its retries: 10 ms to 10 minutes.
    public var transactionTimeout: Duration
    /// How long to look for a primary before an operation fails with `connection`: 10 ms to 1 minute.
    public var serverSelectionTimeout: Duration
    /// How long one connection attempt may take: 10 ms to 1 minute.
    public var connectTimeout: Duration
    /// The most bytes one read may return.
    public var maximumResultBytes: Int
    /// The name the server shows for these connections.
    public var applicationName: String

    /// How many transactions may be open at once: half of the threads, so that the other half serves plain operations.
    public var transactionLimit: Int { threads / 2 }

    /// Reads and checks a connection string; nothing is connected yet. Options in it that this client decides itself
    /// (pool size, socket and queue timeouts, write and read concern) are replaced.
    ///
    /// - Throws: ``MongoError`` with code `configuration`.
    public init(
        uri: String, threads: Int = 4, queueLimit: Int = 1024, operationTimeout: Duration = .seconds(10),
        transactionTimeout: Duration = .seconds(30), serverSelectionTimeout: Duration = .seconds(3),
        connectTimeout: Duration = .seconds(3), maximumResultBytes: Int = 64 * 1024 * 1024,
        applicationName: String = "switchboard"
    ) throws(MongoError) {
        self.uri = uri
        self.threads = threads
        self.queueLimit = queueLimit
        self.operationTimeout = operationTimeout
        self.transactionTimeout = transactionTimeout
        self.serverSelectionTimeout = serverSelectionTimeout
        self.connectTimeout = connectTimeout
        self.maximumResultBytes = maximumResultBytes
        self.applicationName = applicationName
        let parsed = try ConnectionString(uri)
        self.database = parsed.database ?? "switchboard"
        try check()
    }

    func check() throws(MongoError) {
        let longest = Duration.seconds(600)
        try Self.check("threads", threads, in: 2...64)
        try Self.check("queueLimit", queueLimit, in: 1...100_000)
        try Self.check("operationTimeout", operationTimeout, in: .milliseconds(10)...longest)
        try Self.check("transactionTimeout", transactionTimeout, in: .milliseconds(10)...longest)
        try Self.check("serverSelectionTimeout", serverSelectionTimeout, in: .milliseconds(10)...(.seconds(60)))
        try Self.check("connectTimeout", connectTimeout, in: .milliseconds(10)...(.seconds(60)))
        try Self.check("maximumResultBytes", maximumResultBytes, in: 1024...Int(Int32.max))
    }

    private static func check<Value>(
        _ name: String, _ value: Value, in range: ClosedRange<Value>
    ) throws(MongoError) {
        guard range.contains(value) else {
            throw MongoError(
                .configuration, "\(name) is \(value); allowed is \(range.lowerBound) to \(range.upperBound)")
        }
    }
}

extension MongoConfiguration: CustomStringConvertible, CustomReflectable {
    /// The database and the limits, without the connection string.
    public var description: String { "MongoDB database \(database), \(threads) threads, queue of \(queueLimit)" }

    /// As ``description``, so that a dump does not show the password either.
    public var customMirror: Mirror { Mirror(self, children: ["summary": description]) }
}
