internal import CLibpq

/// How to reach Postgres and how much of it to use.
public struct PostgresConfiguration: Sendable {
    /// A connection URL as libpq reads it: `postgres://user:password@host:port/database?sslmode=require`, parts
    /// percent-encoded. A host name is looked up by the system, which cannot be interrupted; an address avoids that.
    public var url: String
    /// The most connections that are open at a time. Each has a thread of its own.
    public var poolSize: Int
    /// How long a caller waits for a connection.
    public var waitTimeout: Duration
    /// How many callers may wait for a connection; further ones are refused at once.
    public var queueLimit: Int
    /// How long a statement may run before it is cancelled, unless the call says otherwise.
    public var statementTimeout: Duration
    /// How long opening a connection may take.
    public var connectTimeout: Duration
    /// Whether statements stay prepared on their connection. Switch it off behind a pooler that does not support it.
    public var preparedStatements: Bool
    /// How many statements stay prepared on a connection; the least recently used are dropped.
    public var statementCacheSize: Int

    /// Describes a pool; `validate()` tells whether the URL can be read.
    public init(
        url: String, poolSize: Int = 10, waitTimeout: Duration = .seconds(5), statementTimeout: Duration = .seconds(15),
        connectTimeout: Duration = .seconds(5), preparedStatements: Bool = true, queueLimit: Int = 1024,
        statementCacheSize: Int = 256
    ) {
        self.url = url
        self.poolSize = poolSize
        self.waitTimeout = waitTimeout
        self.statementTimeout = statementTimeout
        self.connectTimeout = connectTimeout
        self.preparedStatements = preparedStatements
        self.queueLimit = queueLimit
        self.statementCacheSize = statementCacheSize
    }

    /// Checks that libpq can read the URL and that the numbers make sense, without connecting.
    /// - Throws: `PostgresError` with `.usage`, saying which setting is wrong and never quoting the URL.
    public func validate() throws {
        try Self.require(poolSize >= 1 && poolSize <= 1000, "poolSize must be 1 to 1000")
        try Self.require(queueLimit >= 0, "queueLimit must not be negative")
        try Self.require(statementCacheSize >= 1, "statementCacheSize must be at least 1")
        for (name, value) in [
            ("waitTimeout", waitTimeout), ("statementTimeout", statementTimeout), ("connectTimeout", connectTimeout),
        ] {
            try Self.require(value > .zero, "\(name) must be longer than zero")
        }
        let isURL = ["postgres://", "postgresql://"].contains { url.hasPrefix($0) }
        try Self.require(isURL && !url.utf8.contains(0), "the URL must begin with postgres:// or postgresql://")
        var problem: UnsafeMutablePointer<CChar>?
        if let options = PQconninfoParse(url, &problem) { return PQconninfoFree(options) }
        defer { PQfreemem(problem) }
        // What follows the quote may be the URL, or a part of the password.
        let reason = problem.map { String(cString: $0) } ?? ""
        try Self.require(false, "the URL cannot be read: " + reason.prefix { $0 != "\"" }.description.trimming(" :\n"))
    }

    private static func require(_ condition: Bool, _ message: String) throws {
        if !condition { throw PostgresError(.usage, message: message) }
    }
}
