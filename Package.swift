// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let http: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOConcurrencyHelpers", "NIOFoundationCompat"].map {
    .product(name: $0, package: "swift-nio")
}

// The floors of docs/house.md: a target imports only from floors below its own, and what is not listed
// here cannot be imported.
let package = Package(
    name: "switchboard",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "switchboard", targets: ["switchboard"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
    ],
    targets: [
        // 0: C libraries
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CLibmongoc", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
        .systemLibrary(name: "CHiredis", pkgConfig: "hiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "JSON", swiftSettings: settings),

        // 1: drivers
        .target(name: "Postgres", dependencies: ["CLibpq", logging, lifecycle], swiftSettings: settings),
        .target(name: "Mongo", dependencies: ["CLibmongoc", logging], swiftSettings: settings),
        .target(
            name: "Egress", dependencies: [http, .product(name: "NIOSSL", package: "swift-nio-ssl")] + nio,
            swiftSettings: settings),
        .target(
            name: "Redis",
            dependencies: [
                "CHiredis", crypto, logging, lifecycle, .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + nio,
            swiftSettings: settings),

        // 2: tools of other servers; companies and who may act in them
        .target(name: "MCP", dependencies: ["Egress", "JSON", crypto], swiftSettings: settings),
        .target(
            name: "Tenancy", dependencies: ["Postgres", "Egress", "JSON", "CCrypt", crypto, jwt, logging],
            swiftSettings: settings),

        // 3: conversations; cache
        .target(
            name: "Conversations", dependencies: ["Mongo", "Tenancy", "JSON", logging, metrics, lifecycle],
            swiftSettings: settings),
        .target(
            name: "Cache", dependencies: ["Redis", "Tenancy", "JSON", crypto, logging, metrics, lifecycle],
            swiftSettings: settings),

        // 3: language models
        .target(
            name: "LanguageModels", dependencies: ["Egress", "JSON", http, logging, nioHTTP] + nio,
            swiftSettings: settings),

        // 4: agents
        .target(
            name: "Agents",
            dependencies: [
                "Conversations", "Cache", "Tenancy", "LanguageModels", "MCP", "Egress", "JSON", crypto, http, nioHTTP,
                logging, lifecycle,
            ] + nio,
            swiftSettings: settings),

        // 4.5: channels to customers elsewhere
        .target(
            name: "Channels",
            dependencies: [
                "Agents", "Conversations", "Tenancy", "Postgres", "JSON", crypto, http, nioHTTP, logging, lifecycle,
            ] + nio,
            swiftSettings: settings),

        // stand-ins for systems outside; nothing in production reaches them but by an address in the settings
        .target(
            name: "Doubles", dependencies: ["JSON", crypto, hummingbird, lifecycle, logging, nioHTTP] + nio,
            swiftSettings: settings),

        // 5: the server and its command
        .target(
            name: "Server",
            dependencies: [
                "Channels", "Agents", "LanguageModels", "Conversations", "Cache", "Tenancy", "Postgres", "Mongo",
                "Redis",
                "Egress", "Doubles", "JSON", "CZlib", crypto, hummingbird,
                .product(name: "HummingbirdCore", package: "hummingbird"), http, logging, metrics,
                lifecycle,
                configuration, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ] + nio,
            resources: [.embedInCode("Resources")],
            swiftSettings: settings),
        .executableTarget(
            name: "switchboard",
            dependencies: ["Server"],
            path: "Sources/Command",
            swiftSettings: settings),

        // Hummingbird alone, which script/bench measures beside the server.
        .executableTarget(
            name: "http-limit", dependencies: [hummingbird, logging], path: "Benchmarks/HTTPLimit",
            swiftSettings: settings),

        // tests
        .target(
            name: "TestSupport",
            dependencies: [
                "Postgres", "Mongo", "Redis", "Tenancy", "Conversations", "Cache", "Server", "JSON", "Doubles", http,
                logging, lifecycle, configuration,
            ],
            path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
        .testTarget(
            name: "EgressTests",
            dependencies: [
                "Egress", "TestSupport", hummingbird, .product(name: "HummingbirdTLS", package: "hummingbird"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MCPTests", dependencies: ["MCP", "Egress", "Doubles", "JSON", "TestSupport"], swiftSettings: settings
        ),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "MongoTests", dependencies: ["Mongo", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "RedisTests", dependencies: ["Redis", "CHiredis", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "TenancyTests",
            dependencies: [
                "Tenancy", "Egress", "TestSupport", crypto, jwt,
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ConversationsTests", dependencies: ["Conversations", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "CacheTests", dependencies: ["Cache", "TestSupport", logging], swiftSettings: settings),
        .testTarget(
            name: "LanguageModelsTests", dependencies: ["LanguageModels", "Doubles", "JSON", logging],
            swiftSettings: settings),
        .testTarget(
            name: "AgentsTests",
            dependencies: [
                "Agents", "LanguageModels", "Conversations", "Cache", "Postgres", "Tenancy", "Egress", "JSON",
                "Doubles",
                "TestSupport", http, logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChannelsTests",
            dependencies: [
                "Channels", "Agents", "Conversations", "Tenancy", "Postgres", "Mongo", "JSON", "Doubles", "TestSupport",
                crypto, logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "TestSupport", "Doubles", configuration, crypto, http, jwt,
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "StoryTests", dependencies: ["Redis", "TestSupport", "Doubles", "switchboard"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
