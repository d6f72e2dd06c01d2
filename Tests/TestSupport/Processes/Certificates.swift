public import Foundation

/// Certificates made by openssl for one test.
public enum Certificates {
    /// Where they are.
    public struct Files: Sendable {
        /// The authority's certificate.
        public let authority: String
        /// The server's certificate.
        public let certificate: String
        /// The server's key.
        public let key: String
    }

    /// Makes an authority and a server certificate for `names` in `directory`.
    public static func make(in directory: URL, names: String = "DNS:localhost,IP:127.0.0.1") throws -> Files {
        func path(_ name: String) -> String { directory.appendingPathComponent(name).path }
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=Test authority", "-keyout", path("ca.key"), "-out", path("ca.crt"),
        ])
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=Test server", "-addext", "subjectAltName=\(names)", "-addext", "basicConstraints=critical,CA:FALSE",
            "-CA", path("ca.crt"), "-CAkey", path("ca.key"), "-keyout", path("server.key"), "-out", path("server.crt"),
        ])
        return Files(authority: path("ca.crt"), certificate: path("server.crt"), key: path("server.key"))
    }

    private static func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw NeverHappened(description: "openssl \(arguments[0]) failed")
        }
    }
}
