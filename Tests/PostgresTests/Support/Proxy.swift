import Foundation
import Synchronization

/// A TCP proxy before Postgres that counts round trips and cuts connections at a chosen moment.
final class Proxy: Sendable {
    /// Each reading of a direction by a thread of the proxy goes through here.
    private struct State {
        var roundTrips = 0
        var needle: [UInt8]?
        var stops: Set<Int32> = []
        var isClosed = false
    }

    let port: Int
    private let target: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    init(to target: Int) throws {
        self.target = UInt16(target)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { self.accept() }
    }

    /// How often the client spoke after it had listened.
    var roundTrips: Int { state.withLock { $0.roundTrips } }

    /// When the client sends this text: let it reach the server, wait for the server's answer, and hang up on both
    /// without handing the answer on.
    func swallowAnswer(to text: String) {
        state.withLock { $0.needle = Array(text.utf8) }
    }

    func close() {
        let sockets = state.withLock { state in
            state.isClosed = true
            return state.stops
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    private func accept() {
        while true {
            let client = Foundation.accept(listener, nil, nil)
            if client < 0 { return }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = Self.address(target)
            let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    connect(server, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            state.withLock { $0.stops.formUnion([client, server]) }
            if !isOpen { shutdown(client, Int32(SHUT_RDWR)) }
            let pair = Pair(client: client, server: server)
            Thread.detachNewThread { self.pumpUp(pair) }
            Thread.detachNewThread { self.pumpDown(pair) }
        }
    }

    /// What both directions of a connection know of each other.
    private final class Pair: Sendable {
        let client: Int32
        let server: Int32
        let heard = Atomic<Bool>(true)
        let swallows = Atomic<Bool>(false)

        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }

        func hangUp() {
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
        }
    }

    private func pumpUp(_ pair: Pair) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(pair.client, &buffer, buffer.count, 0)
            guard count > 0 else { return pair.hangUp() }
            let spokeAfterListening = pair.heard.exchange(false, ordering: .sequentiallyConsistent)
            let hits = state.withLock { state in
                if spokeAfterListening { state.roundTrips += 1 }
                guard let needle = state.needle, buffer[..<count].firstRange(of: needle) != nil else { return false }
                state.needle = nil
                return true
            }
            if hits { pair.swallows.store(true, ordering: .sequentiallyConsistent) }
            _ = send(pair.server, buffer, count, Int32(MSG_NOSIGNAL))
        }
    }

    private func pumpDown(_ pair: Pair) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(pair.server, &buffer, buffer.count, 0)
            guard count > 0, !pair.swallows.load(ordering: .sequentiallyConsistent) else { return pair.hangUp() }
            pair.heard.store(true, ordering: .sequentiallyConsistent)
            _ = send(pair.client, buffer, count, Int32(MSG_NOSIGNAL))
        }
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }
}

extension Proxy {
    /// Runs `body` with a proxy before the server of a URL, and the URL that goes through it.
    static func with<T>(_ url: String, _ body: (Proxy, String) async throws -> T) async throws -> T {
        guard var parts = URLComponents(string: url) else { throw POSIXError(.EINVAL) }
        let proxy = try Proxy(to: parts.port ?? 5432)
        defer { proxy.close() }
        parts.host = "127.0.0.1"
        parts.port = proxy.port
        return try await body(proxy, parts.string ?? "")
    }
}
