import Foundation
import NIOSSL
import TestSupport
import Testing

@testable import Egress

@Suite(.timeLimit(.minutes(2))) struct EgressClientTests {
    private func with<Result>(
        _ allowed: [String], resolver: any AddressResolver = ScriptedResolver(["127.0.0.1"]),
        trustRoots: NIOSSLTrustRoots = .default, servers: Int = 8, _ body: (EgressClient) async throws -> Result
    ) async throws -> Result {
        let client = EgressClient(
            rules: try EgressRules(allowing: allowed), resolver: resolver, servers: servers, trustRoots: trustRoots)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func get(
        _ client: EgressClient, _ url: String, time: Duration = .seconds(10), bytes: Int = 1 << 20, types: [String] = []
    ) async throws -> [UInt8] {
        let request = EgressRequest("GET", url, limit: TimeLimit(time), maximumBytes: bytes, mediaTypes: types)
        return try await client.send(request) { try await $0.collect() }
    }

    private func failure(_ body: () async throws -> some Sendable) async -> EgressError.Code? {
        await #expect(throws: EgressError.self) { try await body() }?.code
    }

    @Test func aNameGoesIntoTheRequestAndTheVettedAddressIntoTheConnection() async throws {
        try await LoopbackServer.with { server in
            let resolver = ScriptedResolver(["127.0.0.1"])
            try await with(["shop.example.com:\(server.port)"], resolver: resolver) { client in
                let url = "http://shop.example.com:\(server.port)/hello"
                let body = try await get(client, url, types: ["application/json"])
                #expect(body == Array("{}".utf8))
                #expect(server.hosts == ["shop.example.com:\(server.port)"])
                #expect(resolver.questions == ["shop.example.com"])
            }
        }
    }

    @Test func namesThatPointInsideAreRefused() async throws {
        for addresses in [["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]] {
            try await with([], resolver: ScriptedResolver(addresses)) { client in
                #expect(await failure { try await get(client, "https://rebind.example.com/") } == .refused)
            }
        }
        try await with([], resolver: ScriptedResolver([])) { client in
            #expect(await failure { try await get(client, "https://nowhere.example.com/") } == .unresolvable)
        }
    }

    @Test func aNameIsLookedUpOnceForARequestAndAnewForTheNext() async throws {
        try await LoopbackServer.with { server in
            let resolver = ScriptedResolver(["127.0.0.1"], [])
            try await with(["moves.example.com:*"], resolver: resolver) { client in
                let url = "http://moves.example.com:\(server.port)/hello"
                let body = try await get(client, url)
                #expect(body.count == 2 && resolver.questions.count == 1)
                #expect(await failure { try await get(client, url) } == .unresolvable)
                #expect(resolver.questions.count == 2)
            }
        }
    }

    @Test func nothingIsSentToThisMachineUnlessAllowed() async throws {
        try await LoopbackServer.with { server in
            try await with(["127.0.0.1:1"]) { client in
                for host in ["127.0.0.1", "localhost", "[::1]", "2130706433", "127.1"] {
                    #expect(await failure { try await get(client, "http://\(host):\(server.port)/hello") } == .refused)
                }
                #expect(server.hosts.isEmpty)
            }
        }
    }

    @Test func redirectsAreNotFollowed() async throws {
        try await LoopbackServer.with { server in
            try await with(["127.0.0.1:*"]) { client in
                #expect(await failure { try await get(client, "\(server.base)/redirect") } == .redirected)
                #expect(server.hosts.isEmpty)
            }
        }
    }

    @Test func endlessAnswersEndAtTheLimit() async throws {
        try await LoopbackServer.with { server in
            try await with(["127.0.0.1:*"]) { client in
                #expect(await failure { try await get(client, "\(server.base)/endless") } == .tooLarge)
                #expect(await failure { try await get(client, "\(server.base)/hello", bytes: 1) } == .tooLarge)
                let body = try await get(client, "\(server.base)/hello", bytes: 2)
                #expect(body.count == 2)
            }
        }
    }

    @Test(arguments: ["silent", "drip"])
    func slowServersAndNameServersAreGivenUp(_ path: String) async throws {
        try await LoopbackServer.with { server in
            try await with(["127.0.0.1:*"]) { client in
                let start = ContinuousClock.now
                let code = await failure { try await get(client, "\(server.base)/\(path)", time: .milliseconds(300)) }
                #expect(code == .timedOut && ContinuousClock.now - start < .seconds(5))
            }
            try await with([], resolver: SilentResolver()) { client in
                let code = await failure { try await get(client, "https://x.example.com/", time: .milliseconds(50)) }
                #expect(code == .timedOut)
            }
        }
    }

    @Test func answersOfAnotherTypeAreNotTaken() async throws {
        try await LoopbackServer.with { server in
            try await with(["127.0.0.1:*"]) { client in
                let types = ["application/json"]
                #expect(await failure { try await get(client, "\(server.base)/page", types: types) } == .contentType)
                let body = try await get(client, "\(server.base)/hello", types: types)
                #expect(body.count == 2)
            }
        }
    }

    @Test func aClosedPortIsAnAnswerAtOnce() async throws {
        try await with(["127.0.0.1:*"]) { client in
            let start = ContinuousClock.now
            #expect(await failure { try await get(client, "http://127.0.0.1:1/") } == .unreachable)
            #expect(ContinuousClock.now - start < .seconds(4))
        }
    }

    @Test func clientsAreBoundedAndGivenBack() async throws {
        try await LoopbackServer.with { server in
            try await with(["a.example.com:*", "b.example.com:*", "c.example.com:*"], servers: 2) { client in
                for round in 0..<3 {
                    for name in ["a", "b", "c"] {
                        let url = "http://\(name).example.com:\(server.port)/hello"
                        #expect(try await get(client, url).count == 2, "\(round)")
                    }
                }
                let before = server.hosts.count
                async let first = silence(client, "a", server)
                async let second = silence(client, "b", server)
                try await eventually("both clients are in use") { server.hosts.count == before + 2 }
                let url = "http://c.example.com:\(server.port)/hello"
                let third = await failure { try await get(client, url) }
                #expect(third == .busy)
                let (one, two) = await (first, second)
                #expect(one == .timedOut && two == .timedOut)
                let body = try await get(client, url)
                #expect(body.count == 2)
            }
        }
    }

    private func silence(
        _ client: EgressClient, _ name: String, _ server: LoopbackServer
    ) async -> EgressError.Code? {
        await failure {
            try await get(client, "http://\(name).example.com:\(server.port)/silent", time: .seconds(5))
        }
    }

    @Test func certificatesAreThoseOfTheName() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try Certificates.make(in: folder, names: "DNS:right.example.com")
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem)))
        try await LoopbackServer.with(tls: tls) { server in
            let allowed = ["right.example.com:*", "wrong.example.com:*"]
            let authority = NIOSSLTrustRoots.file(files.authority)
            try await with(allowed, trustRoots: authority) { client in
                let right = try await get(client, "https://right.example.com:\(server.port)/hello")
                #expect(right.count == 2)
                let wrong = await failure { try await get(client, "https://wrong.example.com:\(server.port)/hello") }
                #expect(wrong == .unreachable)
            }
            try await with(allowed) { client in
                let unknown = await failure { try await get(client, "https://right.example.com:\(server.port)/hello") }
                #expect(unknown == .unreachable)
            }
        }
    }
}
