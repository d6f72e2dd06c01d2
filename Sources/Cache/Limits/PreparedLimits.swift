public import Foundation

/// What one caller of a company is held to, with what does not change from request to request worked out.
public struct PreparedLimits: Sendable {
    let companyId: UUID
    let requests: [RateLimitRequest]
    let keyed: [(key: String, gcra: GCRA)]

    /// Works out limits of a company.
    public init(companyId: UUID, _ requests: [RateLimitRequest]) {
        self.companyId = companyId
        self.requests = requests
        keyed = requests.map { limit in
            (CacheKeys.limit(companyId, name: limit.name, subject: limit.subject), GCRA(limit.limit))
        }
    }
}
