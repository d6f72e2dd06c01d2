import Foundation
import Hummingbird
import HummingbirdTLS
import Logging
import NIOSSL
import ServiceLifecycle
import Synchronization
import TestSupport

@testable import Egress

/// A server on 127.0.0.1 that misbehaves as a test asks it to.
final class LoopbackServer: Sendable {
    let port: Int
    private let seen: Requests

    /// What arrived.
    final class Requests: Sendable {
        let hosts = Mutex<[String]>([])
    }

    var base: String { "http://127.0.0.1:\(port)" }
    /// The `Host` fields of the requests that arrived.
    var hosts: [String] { seen.hosts.withLock { $0 } }

    private init(port: Int, seen: Requests) {
        self.port = port
        self.seen = seen
    }

    static func with<Result>(
        tls: TLSConfiguration? = nil, _ body: (LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let seen = Requests()
        let logger = Logger(label: "loopback") { _ in SwiftLogNoOpLogHandler() }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router(seen), server: try tls.map { try .tls(.http1(), tlsConfiguration: $0) } ?? .http1(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        let group = ServiceGroup(configuration: configuration)
        let running = Task { try await group.run() }
        defer { Task { await group.triggerGracefulShutdown() } }
        guard let number = await ports.first(where: { _ in true }) else {
            try await running.value
            throw NeverHappened(description: "the server ended before it listened")
        }
        return try await body(LoopbackServer(port: number, seen: seen))
    }

    private static func router(_ seen: Requests) -> Router<BasicRequestContext> {
        let router = Router()
        router.get("hello") { request, _ in
            seen.hosts.withLock { $0.append(request.head.authority ?? "") }
            return Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
                body: .init(byteBuffer: .init(string: "{}")))
        }
        router.get("page") { _, _ in
            Response(status: .ok, headers: [.contentType: "text/html"], body: .init(byteBuffer: .init(string: "<p>")))
        }
        router.get("redirect") { _, _ in Response(status: .temporaryRedirect, headers: [.location: "/hello"]) }
        router.get("endless") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody { writer in
                    let chunk = ByteBuffer(repeating: UInt8(ascii: "x"), count: 65_536)
                    while !Task.isCancelled { try await writer.write(chunk) }
                })
        }
        router.get("silent") { request, _ in
            seen.hosts.withLock { $0.append(request.head.authority ?? "") }
            try await Task.sleep(for: .seconds(600))
            return Response(status: .ok)
        }
        router.get("drip") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody { writer in
                    while !Task.isCancelled {
                        try await writer.write(ByteBuffer(string: " "))
                        try await Task.sleep(for: .milliseconds(20))
                    }
                })
        }
        return router
    }
}

/// A resolver that says what a test wants, in turns.
final class ScriptedResolver: AddressResolver {
    private let answers: Mutex<[[String]]>
    private let asked = Mutex<[String]>([])

    init(_ answers: [String]...) { self.answers = Mutex(answers) }

    var questions: [String] { asked.withLock { $0 } }

    func addresses(of host: String) async throws -> [IPAddress] {
        asked.withLock { $0.append(host) }
        let texts = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? [] }
        return texts.compactMap { IPAddress($0) }
    }
}

/// A resolver whose name server never answers.
struct SilentResolver: AddressResolver {
    func addresses(of host: String) async throws -> [IPAddress] {
        try await Task.sleep(for: .seconds(600))
        return []
    }
}
