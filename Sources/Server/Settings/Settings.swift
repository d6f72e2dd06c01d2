import Agents
import Channels
import Configuration
public import Egress
import Foundation
import Logging

/// Everything about a process that can be set from outside, read once at start. The README lists every variable.
public struct Settings: Sendable {
    /// Where and how HTTP is served.
    public var http: HTTPSettings
    /// The stores.
    public var stores: StoreSettings
    /// Keys and times of sign-in.
    public var identity: IdentitySettings
    /// What a plan allows.
    public var limits: LimitSettings
    /// Our client at Google; nil when members cannot link accounts.
    var google: GoogleConfiguration?
    /// Where the providers of channels are.
    var channels: ChannelConfiguration
    /// Where connections to addresses that companies gave may go.
    public var egress: EgressRules
    /// The agents' turns.
    public var work: WorkSettings
    /// The operator's language model.
    public var models: ModelSettings
    /// The least important entries that are logged.
    public var logLevel: Logger.Level

    /// Reads the settings.
    ///
    /// - Throws: ``SettingsError`` naming all that is wrong or missing.
    public init(reader: ConfigReader) throws(SettingsError) {
        var settings = SettingsReader(reader: reader)
        http = HTTPSettings(&settings)
        stores = StoreSettings(&settings)
        identity = IdentitySettings(&settings)
        limits = LimitSettings(&settings)
        google = GoogleConfiguration(&settings, port: http.port)
        channels = ChannelConfiguration(&settings)
        egress = settings.egress()
        work = WorkSettings(&settings)
        models = ModelSettings(&settings)
        let level = settings.optionalText("log.level") ?? "info"
        logLevel = Logger.Level(rawValue: level.lowercased()) ?? .info
        if Logger.Level(rawValue: level.lowercased()) == nil {
            settings.faults.append("LOG_LEVEL must be one of trace, debug, info, notice, warning, error, critical")
        }
        try settings.finish()
    }

    /// Reads the settings from the environment and, behind it, a file called `.env` in the working folder.
    public static func load() async throws -> Settings {
        let file = try await EnvironmentVariablesProvider(environmentFilePath: ".env", allowMissing: true)
        return try Settings(reader: ConfigReader(providers: [EnvironmentVariablesProvider(), file]))
    }
}

/// Where and how HTTP is served.
public struct HTTPSettings: Sendable {
    /// The address to listen on.
    public var host: String
    /// The public port; 0 lets the system choose.
    public var port: Int
    /// The port of `/metrics`, `/livez` and `/readyz` for the operator; `nil` when it is switched off.
    public var operationsPort: Int?
    /// The address of the operator's port.
    public var operationsHost: String
    /// Whether `/metrics` is on the public port too.
    public var publicMetrics: Bool
    /// Addresses or networks of proxies whose `X-Forwarded-For` is believed.
    var trustedProxies: [ClientAddress.Network]
    /// Connections served at once.
    public var maximumConnections: Int
    /// Event streams open at once.
    public var streams = StreamLimits()
    /// Seconds after which a silent connection is closed.
    public var idleSeconds: Int
    /// The folder of pages, scripts and style sheets.
    public var webFolder: String
    /// The publishable key of the company on `/demo`.
    public var demoWidgetKey: String?
    /// Seconds a stopping server gives to requests under way.
    public var drainSeconds: Int
    /// Seconds in which `/readyz` says no and requests are still taken, before a stopping server stops listening.
    public var leaveSeconds: Int

    init(_ settings: inout SettingsReader) {
        host = settings.text("host", default: "127.0.0.1", expected: "an address to listen on")
        port = settings.integer("port", default: 3001, in: 0...65535)
        let operations = settings.integer("operations.port", default: 0, in: 0...65535)
        operationsPort = operations == 0 ? nil : operations
        operationsHost = settings.text("operations.host", default: "127.0.0.1", expected: "an address to listen on")
        publicMetrics = settings.flag("public.metrics", default: false)
        let proxies = settings.list("trusted.proxies")
        trustedProxies = proxies.compactMap { ClientAddress.Network($0) }
        if trustedProxies.count < proxies.count {
            settings.faults.append(
                "TRUSTED_PROXIES must be addresses or networks such as 10.0.0.0/8, with commas between")
        }
        demoWidgetKey = settings.optionalText("demo.widget.key")
        maximumConnections = settings.integer("max.connections", default: 10_000, in: 1...1_000_000)
        streams.total = settings.integer("max.streams", default: streams.total, in: 0...1_000_000)
        streams.perCaller = settings.integer("max.streams.per.caller", default: streams.perCaller, in: 1...1_000_000)
        idleSeconds = settings.integer("idle.seconds", default: 75, in: 1...3600)
        webFolder = settings.text("web.folder", default: "Web", expected: "a folder")
        drainSeconds = settings.integer("drain.seconds", default: 30, in: 1...600)
        leaveSeconds = settings.integer("leave.seconds", default: 0, in: 0...300)
    }
}

/// The stores.
public struct StoreSettings: Sendable {
    /// Postgres as the runtime role.
    public var databaseURL: String
    /// Postgres as the owner, for migrations.
    public var directURL: String
    /// Connections to Postgres.
    public var databasePool: Int
    /// Whether statements are prepared; off behind a pooler that does not support it.
    public var preparedStatements: Bool
    /// MongoDB.
    public var mongoURI: String
    /// Threads that talk to MongoDB.
    public var mongoThreads: Int
    /// Redis.
    public var redisURL: String
    /// The folder of the SQL migrations.
    public var migrations: String

    init(_ settings: inout SettingsReader) {
        databaseURL = settings.url("database.url", schemes: ["postgres", "postgresql"])
        directURL = settings.optionalText("direct.url", isSecret: true) ?? databaseURL
        databasePool = settings.integer("database.pool", default: 8, in: 1...200)
        preparedStatements = settings.flag("prepared.statements", default: true)
        mongoURI = settings.url("mongodb.uri", schemes: ["mongodb", "mongodb+srv"])
        mongoThreads = settings.integer("mongodb.threads", default: 6, in: 3...64)
        redisURL = settings.url("redis.url", schemes: ["redis", "rediss"])
        migrations = settings.text("migrations", default: "prisma-equivalent-sql", expected: "a folder")
    }
}

/// Keys and times of sign-in.
public struct IdentitySettings: Sendable {
    /// Signs our own tokens; at least 32 bytes.
    public var jwtSecret: String
    /// Encrypts secrets at rest: 32 bytes in base64.
    public var encryptionKey: [UInt8]
    /// Names the key in the records which it sealed.
    public var encryptionKeyId: String
    /// The cost of bcrypt.
    public var bcryptCost: Int
    /// Seconds for which a user's token is good.
    public var accessTokenSeconds: Int
    /// Seconds for which a refresh token is good.
    public var refreshTokenSeconds: Int
    /// Seconds for which a visitor's token is good.
    public var widgetTokenSeconds: Int
    /// An OpenID provider whose tokens count as a user's: issuer, audience, address of its keys.
    public var openID: OpenIDSettings?

    init(_ settings: inout SettingsReader) {
        jwtSecret = settings.text("jwt.secret", isSecret: true, expected: "at least 32 random characters")
        if !jwtSecret.isEmpty, jwtSecret.utf8.count < 32 {
            settings.faults.append("JWT_SECRET must have at least 32 characters")
        }
        let key = settings.text("encryption.key", isSecret: true, expected: "32 random bytes in base64")
        encryptionKey = Data(base64Encoded: key).map(Array.init) ?? []
        if !key.isEmpty, encryptionKey.count != 32 {
            settings.faults.append("ENCRYPTION_KEY must be 32 bytes in base64")
        }
        encryptionKeyId = settings.text("encryption.key.id", default: "k1", expected: "a short name")
        bcryptCost = settings.integer("bcrypt.cost", default: 12, in: 4...16)
        accessTokenSeconds = settings.integer("access.token.seconds", default: 900, in: 30...86_400)
        refreshTokenSeconds = settings.integer("refresh.token.seconds", default: 30 * 86_400, in: 60...31_536_000)
        widgetTokenSeconds = settings.integer("widget.token.seconds", default: 86_400, in: 60...2_592_000)
        if let issuer = settings.optionalText("oidc.issuer") {
            openID = OpenIDSettings(
                issuer: issuer,
                audience: settings.text("oidc.audience", expected: "the audience of this API at the provider"),
                keys: settings.text(
                    "oidc.jwks.url", default: issuer + (issuer.hasSuffix("/") ? "" : "/") + ".well-known/jwks.json",
                    expected: "the address of the provider's keys"),
                signUpDomains: settings.list("oidc.signup.domains"))
        }
    }
}

/// An OpenID provider.
public struct OpenIDSettings: Sendable {
    /// `iss`, to the letter.
    public var issuer: String
    /// `aud`.
    public var audience: String
    /// Where the provider publishes its keys.
    public var keys: String
    /// Domains of verified addresses whose owners may sign up by their first call; `*` for all.
    public var signUpDomains: [String]
}
