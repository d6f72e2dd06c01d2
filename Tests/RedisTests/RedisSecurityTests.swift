import Foundation
import Redis
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RedisSecurityTests {
    @Test func `an ACL user signs in with a percent-encoded password`() async throws {
        let options = ["--user", "default", "off", "--user", "app", "on", ">p@ss/w:rd%#", "~*", "&*", "+@all"]
        try await OwnRedis.with(options: { _, _ in options }) { server in
            let address = "127.0.0.1:\(server.port)/3?name=tested"
            try await RedisClient.with(url: "redis://app:p%40ss%2Fw%3Ard%25%23@\(address)") { client in
                #expect(try await client.send(["ACL", "WHOAMI"]).string == "app")
                let info = try await client.send(["CLIENT", "INFO"]).string ?? ""
                #expect(info.contains(" name=tested ") && info.contains(" db=3 "))
            }
            for url in ["redis://app:wrong@\(address)", "redis://\(address)"] {
                try await RedisClient.with(url: url) { client in
                    await #expect(throws: RedisError.unavailable) { try await client.send(["PING"]) }
                }
            }
        }
    }

    @Test func `TLS is used when the certificate is right, and nothing is sent when it is not`() async throws {
        try await OwnRedis.with(options: { port, directory in
            let files = try Certificates.make(in: directory)
            return [
                "--port", "0", "--tls-port", "\(port)", "--tls-cert-file", files.certificate, "--tls-key-file",
                files.key,
                "--tls-ca-cert-file", files.authority, "--tls-auth-clients", "no",
            ]
        }) { server in
            let authority = server.directory.appendingPathComponent("ca.crt").path
            for host in ["localhost", "127.0.0.1"] {
                try await RedisClient.with(url: "rediss://\(host):\(server.port)?ca=\(authority)") { client in
                    let value = [UInt8](repeating: 7, count: 300_000)
                    let reply = try await client.send(["ECHO", .bytes(value)])
                    #expect(reply.bytes == value)
                }
            }
            // Neither an unknown authority nor a missing TLS gets through.
            for url in ["rediss://localhost:\(server.port)", "redis://localhost:\(server.port)"] {
                try await RedisClient.with(url: url, configure: { $0.connectTimeout = .seconds(1) }) { client in
                    await #expect(throws: RedisError.unavailable) { try await client.send(["PING"]) }
                }
            }
        }
    }

    @Test func `a certificate of another name is refused`() async throws {
        try await OwnRedis.with(options: { port, directory in
            let files = try Certificates.make(in: directory, names: "DNS:other.example")
            return [
                "--port", "0", "--tls-port", "\(port)", "--tls-cert-file", files.certificate, "--tls-key-file",
                files.key,
                "--tls-ca-cert-file", files.authority, "--tls-auth-clients", "no",
            ]
        }) { server in
            let authority = server.directory.appendingPathComponent("ca.crt").path
            for host in ["localhost", "127.0.0.1"] {
                try await RedisClient.with(url: "rediss://\(host):\(server.port)?ca=\(authority)") { client in
                    await #expect(throws: RedisError.unavailable) { try await client.send(["PING"]) }
                }
            }
        }
    }
}
