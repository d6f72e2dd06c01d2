public import Foundation
import Redis

/// What one caller is held to, with what does not change from request to request worked out.
public final class PreparedLimits: Sendable {
    let companyId: UUID?
    let requests: [RateLimitRequest]
    let keyed: [(key: String, gcra: GCRA)]
    /// The beginning of the limiter's call, up to the company's keys.
    let head: RedisWords
    /// The same for a call with an edition, whose key follows.
    let headWithEdition: RedisWords
    /// The figures of the limits, which follow the keys.
    let figures: RedisWords
    /// What the keys of the company's editions begin with.
    let editions: String?

    /// Works out limits of a company.
    public convenience init(companyId: UUID, _ requests: [RateLimitRequest]) {
        self.init(companyId, requests) { CacheKeys.limit(companyId, name: $0.name, subject: $0.subject) }
    }

    /// A limit that belongs to no company.
    convenience init(_ request: RateLimitRequest) {
        self.init(nil, [request]) { CacheKeys.limit(name: $0.name, subject: $0.subject) }
    }

    private init(_ companyId: UUID?, _ requests: [RateLimitRequest], key: (RateLimitRequest) -> String) {
        self.companyId = companyId
        self.requests = requests
        keyed = requests.map { (key($0), GCRA($0.limit)) }
        let keys = keyed.map(\.key) + (companyId.map { [CacheKeys.generations($0)] } ?? [])
        func head(_ keyCount: Int) -> RedisWords {
            RedisWords(["EVALSHA", .text(LimiterScript.script.sha1), .integer(keyCount)] + keys.map { .text($0) })
        }
        self.head = head(keys.count)
        headWithEdition = head(keys.count + 1)
        figures = RedisWords(keyed.flatMap { [.integer(Int($0.gcra.interval)), .integer(Int($0.gcra.tolerance))] })
        editions = companyId.map { CacheKeys.editions($0) }
    }
}
