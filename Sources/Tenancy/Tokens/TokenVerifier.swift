import Foundation
import JSON
import JWTKit

/// Believes the server's own tokens: HS256, a known key id, the right type, issuer and audience, in time.
struct TokenVerifier: Sendable {
    let issuer: String
    let keys: OwnKeys
    let now: @Sendable () -> Date

    /// What the token proves.
    /// - Throws: ``Unauthenticated``, the same for everything but the end of its time.
    nonisolated(nonsending) func verify(_ token: CompactToken) async throws(Unauthenticated) -> Credential {
        // The header decides nothing that is not checked first: JWTKit takes its default key for an unknown id.
        guard token.algorithm == "HS256", let kid = token.keyId, keys.ids.contains(kid),
            let use = TokenUse.allCases.first(where: { $0.type == token.type }),
            token.issuer == issuer, token.isFor(use.audience)
        else { throw CompactToken.refused }
        do {
            _ = try await keys.collection.verify(token.text, as: SignatureOnly.self)
        } catch {
            throw CompactToken.refused
        }
        guard let end = token.validity(at: now(), leeway: 0) else { throw Unauthenticated("the token has expired") }
        switch use {
        case .user:
            guard let userId = token.id("sub"), let sessionId = token.id("sid") else { throw CompactToken.refused }
            return .session(userId: userId, sessionId: sessionId, companyId: token.id("cid"), expiresAt: end)
        case .widget:
            guard let customerId = token.id("sub"), let companyId = token.id("cid") else { throw CompactToken.refused }
            return .visitor(companyId: companyId, customerId: customerId, expiresAt: end)
        }
    }
}
