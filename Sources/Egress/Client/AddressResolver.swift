import Foundation
import NIOPosix
import Synchronization

/// Finds the addresses of a host name.
public protocol AddressResolver: Sendable {
    /// All addresses of `host`, in the order to try them; empty when it has none. Ends at once when the task is cancelled.
    func addresses(of host: String) async throws -> [IPAddress]
}

/// The system's resolver, on threads of its own: a look-up may block for many seconds.
public final class SystemResolver: AddressResolver {
    /// The process's resolver; its threads live as long as the process.
    public static let shared = SystemResolver()

    /// Look-ups under way and waiting; more are refused.
    static let limit = 64
    private static let threads = 8

    private let pool = NIOThreadPool(numberOfThreads: SystemResolver.threads)
    private let pending = Atomic<Int>(0)

    private init() { pool.start() }

    /// Looks `host` up. A cancelled caller goes on at once; the look-up ends when the system ends it.
    /// - Throws: ``EgressError`` of code `busy`; `CancellationError`.
    public func addresses(of host: String) async throws -> [IPAddress] {
        guard pending.add(1, ordering: .relaxed).newValue <= Self.limit else {
            pending.subtract(1, ordering: .relaxed)
            throw EgressError(.busy, "too many host names are being looked up; try again")
        }
        let answer = FirstAnswer<[IPAddress]>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                answer.wait(continuation)
                pool.submit { _ in
                    let found = Self.lookUp(host)
                    self.pending.subtract(1, ordering: .relaxed)
                    answer.give(.success(found))
                }
            }
        } onCancel: {
            answer.give(.failure(CancellationError()))
        }
    }

    private static func lookUp(_ host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_protocol = Int32(IPPROTO_TCP)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next?.pointee, found.count < 32 {
            if let address = address(entry), !found.contains(address) { found.append(address) }
            next = entry.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let raw = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        case AF_INET: return .v4(UInt32(bigEndian: raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6:
            let address = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return withUnsafeBytes(of: address) { IPAddress.v6(bytes: $0) }
        default: return nil
        }
    }
}

/// Hands the first of several answers to the one who waits.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Value, any Error>)
        case early(Result<Value, any Error>)
        case done
    }

    private let state = Mutex(State.empty)

    func wait(_ continuation: CheckedContinuation<Value, any Error>) {
        let early: Result<Value, any Error>? = state.withLock { state in
            if case .early(let result) = state {
                state = .done
                return result
            }
            state = .waiting(continuation)
            return nil
        }
        if let early { continuation.resume(with: early) }
    }

    func give(_ result: Result<Value, any Error>) {
        let waiting: CheckedContinuation<Value, any Error>? = state.withLock { state in
            switch state {
            case .empty:
                state = .early(result)
                return nil
            case .waiting(let continuation):
                state = .done
                return continuation
            case .early, .done: return nil
            }
        }
        waiting?.resume(with: result)
    }
}
