import Cache
import Foundation
import HTTPTypes
import JSON
import Tenancy

/// Decides who calls and whether they may go on: token, limits, membership, permission.
///
/// A request costs one round trip to Redis: the limiter's call also brings the company's cache generations, by which
/// the identity is found in this process or in Redis, and is invalid at once when it was revoked anywhere.
final class Admission: Sendable {
    private let authenticator: Authenticator
    private let limiter: RateLimiter
    private let cache: GenerationCache
    private let addresses: ClientAddress
    private let limits: LimitSettings
    private let keys: APIKeyStore
    private let known = KnownCallers()

    init(
        authenticator: Authenticator, limiter: RateLimiter, cache: GenerationCache, addresses: ClientAddress,
        limits: LimitSettings, keys: APIKeyStore
    ) {
        self.authenticator = authenticator
        self.limiter = limiter
        self.cache = cache
        self.addresses = addresses
        self.limits = limits
        self.keys = keys
    }

    private static let identities = Cached<Identity>(
        .auth, name: "identity", timeToLive: .seconds(60), encode: \.encoded
    ) {
        bytes in
        guard let identity = Identity(cached: try JSONValue.parse(bytes)) else { throw Problem.internalError }
        return identity
    }

    /// Lets a caller in or throws the reason why not; writes the limits' headers in both cases.
    ///
    /// - Parameter conversation: a conversation whose edition the route wants.
    nonisolated(nonsending) func admit(
        _ request: Request, to access: Access, editionOf conversation: UUID? = nil,
        headers: inout AnswerHeaders
    ) async throws -> Admitted {
        let address = addresses.of(peer: request.peer, headers: request.headers)
        switch access {
        case .open:
            try await limitAddress(address, &headers)
            return Admitted(address: address)
        case .webhook:
            try await limitAddress(address, name: "webhook", perMinute: limits.webhookPerMinute, &headers)
            return Admitted(address: address)
        case .person, .company, .visitorToo: break
        }
        do {
            return try await identify(request, address, access, conversation, &headers)
        } catch  where error is Unauthenticated || headers[.rateLimit] == nil {
            // Guessing tokens and companies is limited like everything else that nobody has to sign in for.
            try await limitAddress(address, &headers)
            throw error
        }
    }

    nonisolated(nonsending) private func identify(
        _ request: Request, _ address: String, _ access: Access, _ conversation: UUID?, _ headers: inout AnswerHeaders
    ) async throws -> Admitted {
        let proof = Admitted.Proof(
            admission: self, credential: try await authenticator.verify(try Self.bearer(request.headers)),
            chosen: try Self.chosenCompany(request.headers), access: access)
        let (credential, company) = (proof.credential, proof.chosen)
        let key = KnownCallers.Key(credential: credential, company: company)
        var entry = known[key]
        let isNew = entry == nil
        if isNew {
            // Nobody is charged before it is proven that the caller belongs to the company.
            let identity = try await authenticator.identify(credential, companyHint: company)
            entry = self.entry(for: identity, key)
        }
        guard let entry, let companyId = entry.companyId, let prepared = entry.limits else {
            try await limitAddress(address, &headers)
            let identity = try await authenticator.identify(credential, companyHint: company)
            return try admit(identity, proof, address)
        }
        let decision = await limiter.check(prepared, editionOf: conversation)
        RateLimitHeaders.write(decision, policy: entry.policy, to: &headers)
        guard decision.isAllowed else { throw RateLimitHeaders.refusal(decision) }
        let identity = try await cache.read(
            Self.identities, id: entry.identityKey, in: entry.identity, authenticatingFor: companyId,
            generations: decision.generations
        ) { [authenticator] in try await authenticator.identify(credential, companyHint: company) }
        guard let identity else { throw Unauthenticated("The token is not valid any more.") }
        if identity.companyId != entry.companyId || identity.plan != entry.plan || isNew {
            known[key] = self.entry(for: identity, key)
        }
        return try admit(identity, proof, address, decision)
    }

    /// Looks the identity up again, by the generations of now.
    func admitAgain(_ proof: Admitted.Proof, _ companyId: UUID) async throws {
        let (credential, chosen) = (proof.credential, proof.chosen)
        let generations = await limiter.check(companyId: companyId, limits: []).generations
        let identity = try await cache.read(
            Self.identities, id: Self.identityKey(credential, chosen), authenticatingFor: companyId,
            generations: generations
        ) { [authenticator] in try await authenticator.identify(credential, companyHint: chosen) }
        guard let identity, credential.isValid(identity) else { throw Unauthenticated("the token has ended") }
        switch proof.access {
        case .open, .webhook, .person: break
        case .company(let permission), .visitorToo(let permission): try identity.scope().require(permission)
        }
    }

    /// The scope of a person in another company.
    func scope(of proof: Admitted.Proof, in companyId: UUID) async throws -> TenantScope {
        try await authenticator.identify(proof.credential, companyHint: companyId).scope()
    }

    private func admit(
        _ identity: Identity, _ proof: Admitted.Proof, _ address: String, _ decision: RateLimitDecision? = nil
    ) throws -> Admitted {
        guard proof.credential.isValid(identity) else {
            throw Unauthenticated("the token has ended; refresh it or sign in again")
        }
        return Admitted(
            identity, scope: try scope(identity, proof.access),
            limits: limits.plans.limits(identity.plan, identity.subscription), address: address,
            generations: decision?.generations, edition: decision?.edition, proof: proof)
    }

    private func scope(_ identity: Identity, _ access: Access) throws -> TenantScope? {
        switch access {
        case .open, .webhook: return nil
        case .person:
            guard identity.userId != nil else { throw Problem.forbidden("This is for signed-in people.") }
            return try? identity.scope()
        case .company(let permission), .visitorToo(let permission):
            let scope = try identity.scope()
            if case .company = access, scope.customerId != nil {
                throw Problem.forbidden("A widget token reaches conversations only.")
            }
            try scope.require(permission)
            // Once a minute for each key, beside the request: it must not wait for Postgres, nor fail without it.
            if case .apiKey = scope.caller { Task { [keys] in try? await keys.noteUse(scope) } }
            return scope
        }
    }

    /// What an identity is kept under: the caller, and the company that was asked for.
    private static func identityKey(_ credential: Credential, _ company: UUID?) -> String {
        guard let company else { return credential.cacheKey }
        return "\(credential.cacheKey)@\(company.lowercased)"
    }

    private func entry(for identity: Identity, _ key: KnownCallers.Key) -> KnownCallers.Entry {
        let figures = limits.plans.limits(identity.plan)
        let requests = [
            RateLimitRequest(name: "company", subject: "all", limit: .perMinute(figures[.requestsPerMinute])),
            RateLimitRequest(
                name: "caller", subject: key.credential.cacheKey,
                limit: .perMinute(figures[.requestsPerMinutePerCaller])),
        ]
        return KnownCallers.Entry(
            identityKey: Self.identityKey(key.credential, key.company), companyId: identity.companyId,
            plan: identity.plan,
            limits: identity.companyId.map { PreparedLimits(companyId: $0, requests) },
            policy: RateLimitHeaders.policy(requests.map { ($0.name, $0.limit) }))
    }

    /// Holds an address to the limit for strangers.
    nonisolated(nonsending) private func limitAddress(
        _ address: String, name: String = "address", perMinute: Int? = nil, _ headers: inout AnswerHeaders
    ) async throws {
        let decision = await limiter.check(limits: [
            RateLimitRequest(
                name: name, subject: ClientAddress.limitKey(address),
                limit: .perMinute(perMinute ?? limits.addressPerMinute))
        ])
        RateLimitHeaders.write(decision, to: &headers)
        guard decision.isAllowed else { throw RateLimitHeaders.refusal(decision) }
    }

    private static func bearer(_ headers: RequestHeaders) throws(Unauthenticated) -> String {
        // Without joining or splitting: a token is long, and every request has one.
        guard let value = headers[.authorization] else {
            throw Unauthenticated("Send a token in the header Authorization: Bearer <token>.")
        }
        var text = value
        let token = text.withUTF8 { bytes -> String? in
            let space = UInt8(ascii: " ")
            let scheme = bytes.prefix { $0 != space }
            let token = bytes[scheme.endIndex...].drop { $0 == space }
            guard scheme.elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }), !token.isEmpty, !token.contains(space)
            else { return nil }
            return String(decoding: token, as: UTF8.self)
        }
        guard let token else { throw Unauthenticated("The Authorization header must have the form Bearer <token>.") }
        return token
    }

    /// The company of `X-Company-Id`. A malformed id is answered like one that does not exist.
    private static func chosenCompany(_ headers: RequestHeaders) throws(Problem) -> UUID? {
        guard let text = headers[.companyId] else { return nil }
        guard let id = UUID(strict: text) else { throw .notFound }
        return id
    }
}

extension Credential {
    /// Whether neither the token nor what it stands for has ended. A token's own end counts: the identity may be cached
    /// from an earlier token of the same session.
    fileprivate func isValid(_ identity: Identity) -> Bool { expiresAt.map { Date() < $0 } ?? identity.isValid() }
}

extension RateLimit {
    /// So many a minute, all of them at once if need be.
    static func perMinute(_ count: Int) -> RateLimit { RateLimit(limit: count, window: .seconds(60)) }
}
