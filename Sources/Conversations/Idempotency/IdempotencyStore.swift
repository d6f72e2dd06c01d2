public import Foundation
import JSON
public import Logging
public import Mongo

/// Remembers the answers to requests with an `Idempotency-Key` for 24 hours, and lets one run of a request go on at a
/// time.
///
/// A run holds a lease; one that dies is taken over by the next repeat, under the same
/// ``IdempotencyClaim/resourceId``. Answers are kept sealed, as they may hold secrets that are shown once.
public struct IdempotencyStore: Sendable {
    /// The most bytes of an answer that is kept.
    public static let maximumAnswerBytes = 8 << 20
    /// The most characters of a key.
    public static let maximumKeyLength = 255

    private let claims: MongoCollection
    private let lease: Duration
    private let logger: Logger
    private let seal: @Sendable ([UInt8]) throws -> [UInt8]
    private let open: @Sendable ([UInt8]) throws -> [UInt8]

    /// A store in `database`, which ``ConversationSchema/apply(_:)`` has prepared.
    /// - Parameters:
    ///   - lease: how long a run may take before a repeat takes it over.
    ///   - seal: encrypts an answer.
    ///   - open: undoes `seal`; throws when the bytes are not what it made.
    public init(
        database: MongoDatabase, lease: Duration = .seconds(60), logger: Logger,
        seal: @escaping @Sendable ([UInt8]) throws -> [UInt8], open: @escaping @Sendable ([UInt8]) throws -> [UInt8]
    ) {
        claims = database.collection(ConversationSchema.idempotency)
        self.lease = lease
        self.logger = logger
        self.seal = seal
        self.open = open
    }

    /// Decides what a request with `key` is.
    /// - Parameter fingerprint: a digest of everything that makes the request what it is: caller, method, path, body.
    /// - Throws: `MongoError`; nothing was started then.
    public func claim(
        _ scope: IdempotencyScope, key: String, fingerprint: [UInt8]
    ) async throws -> IdempotencyDecision {
        for _ in 0..<10 {
            if let claim = try await begin(scope.text, key, fingerprint) { return .started(claim) }
            guard let stored = try await claims.findOne(["scope": .string(scope.text), "key": .string(key)]) else {
                // It expired, or a majority sees it only in a moment.
                try await Task.sleep(for: .milliseconds(20))
                continue
            }
            if let decision = try await judge(stored, scope.text, key, fingerprint) { return decision }
        }
        return .running(retryAfter: 1)
    }

    /// The first run: nil when the key is known.
    private func begin(_ scope: String, _ key: String, _ fingerprint: [UInt8]) async throws -> IdempotencyClaim? {
        let now = Date().inMilliseconds
        let claim = IdempotencyClaim(
            scope: scope, key: key, token: UUID(), resourceId: .v7(at: now), isTakenOver: false)
        do {
            try await claims.insert(
                BSONDocument { writer in
                    writer.append("_id", UUID.v7(at: now))
                    writer.append("scope", scope)
                    writer.append("key", key)
                    writer.append("fingerprint", .binary(fingerprint))
                    writer.append("resourceId", claim.resourceId)
                    writer.append("token", claim.token)
                    writer.append("leaseUntil", now + lease)
                    writer.append("createdAt", now)
                })
            return claim
        } catch let error as MongoError where error.isDuplicateKey {
            return nil
        }
    }

    /// What a known key means; nil when it changed while it was looked at.
    private func judge(
        _ stored: BSONDocument, _ scope: String, _ key: String, _ fingerprint: [UInt8]
    ) async throws -> IdempotencyDecision? {
        guard stored.binary("fingerprint") == fingerprint else { return .mismatch }
        if let answer = stored.binary("answer") {
            guard let answer = StoredAnswer(encoded: try open(answer)) else {
                throw ConversationError.corrupt("answer")
            }
            return .replay(answer)
        }
        guard let token = stored.uuid("token"), let resourceId = stored.uuid("resourceId"),
            let leaseUntil = stored.date("leaseUntil")
        else { throw ConversationError.corrupt("token") }
        let now = Date().inMilliseconds
        if leaseUntil > now {
            return .running(retryAfter: min(max(Int(leaseUntil.timeIntervalSince(now).rounded(.up)), 1), 5))
        }
        let claim = IdempotencyClaim(scope: scope, key: key, token: UUID(), resourceId: resourceId, isTakenOver: true)
        let taken = try await claims.update(
            one: ["scope": .string(scope), "key": .string(key), "token": .uuid(token), "answer": .null],
            ["$set": ["token": .uuid(claim.token), "leaseUntil": .date(now + lease)]])
        return taken.matched == 1 ? .started(claim) : nil
    }

    /// Keeps the answer for repeats. When another run took over meanwhile, its answer counts and this one is dropped.
    /// An answer that is too large to be kept is given once only: the claim is abandoned.
    /// - Throws: what `seal` throws, `MongoError`.
    public func complete(_ claim: IdempotencyClaim, with answer: StoredAnswer) async throws {
        let sealed = try seal(answer.encoded)
        guard sealed.count <= Self.maximumAnswerBytes else {
            logger.warning("an answer is too large to be kept", metadata: ["bytes": "\(sealed.count)"])
            return try await abandon(claim)
        }
        try await claims.update(one: claim.filter, ["$set": ["answer": .binary(sealed)]])
    }

    /// Gives the claim back after a failure (5xx, or nothing was carried out): the next repeat starts again, under the
    /// same ``IdempotencyClaim/resourceId``, as some of the work may have been done.
    /// - Throws: `MongoError`.
    public func abandon(_ claim: IdempotencyClaim) async throws {
        try await claims.update(one: claim.filter, ["$set": ["leaseUntil": .date(Date(timeIntervalSince1970: 0))]])
    }

    /// Forgets a company's keys and answers. May be repeated.
    /// - Throws: `MongoError`.
    public func removeCompany(companyId: UUID) async throws {
        try await claims.delete(many: ["scope": .string(IdempotencyScope.company(companyId).text)])
    }
}

extension IdempotencyClaim {
    /// Finds the claim as long as it is this run's and has no answer.
    fileprivate var filter: BSONDocument {
        ["scope": .string(scope), "key": .string(key), "token": .uuid(token), "answer": .null]
    }
}

extension Date {
    fileprivate static func + (date: Date, duration: Duration) -> Date {
        date.addingTimeInterval(duration.seconds)
    }
}
