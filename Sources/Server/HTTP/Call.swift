import Foundation
import HTTPTypes
import JSON
import Logging
import Tenancy

/// A request as its route sees it: the caller is known, limits are passed, path, query and body are checked.
struct Call: Sendable {
    let request: Request
    let caller: Admitted
    let query: Input
    let input: Input
    /// The body as it came, for fingerprints and signatures.
    let bodyBytes: [UInt8]
    /// The id for what this request makes, when it has an idempotency key: a request that is run again gets the same
    /// one, so that a crash half way cannot double it.
    let resourceId: UUID?

    var logger: Logger { request.logger }
    var requestId: String { request.requestId }

    /// The proof that the caller may act inside one company.
    ///
    /// - Throws: ``Problem`` for a route that is open or personal, where there is none.
    var scope: TenantScope {
        get throws(Problem) {
            guard let scope = caller.scope else { throw .internalError }
            return scope
        }
    }

    /// The person who calls.
    ///
    /// - Throws: ``Problem`` on a route that is not personal.
    var userId: UUID {
        get throws(Problem) {
            guard let userId = caller.identity?.userId else { throw .internalError }
            return userId
        }
    }

    /// What the company's plan allows.
    var limits: PlanLimits? { caller.limits }

    /// The proof that the caller may act in the company of a path: the present one, or another that the person is a
    /// member of.
    ///
    /// - Throws: `NotFound` for any other company.
    func scope(in companyId: UUID) async throws -> TenantScope {
        let scope = try scope
        if scope.companyId == companyId { return scope }
        return try await caller.elsewhere(companyId)
    }

    /// The id in the path. A malformed one is answered like one that does not exist.
    func id(_ name: String = "id") throws(Problem) -> UUID {
        guard let text = request.parameters.get(name), let id = UUID(strict: text) else { throw .notFound }
        return id
    }

    /// A name in the path, decoded.
    func name(_ name: String = "name") throws(Problem) -> String {
        guard let text = request.parameters.get(name)?.removingPercentEncoding else { throw .notFound }
        return text
    }

    /// `limit` and `cursor` of a list.
    func page() -> PageRequest {
        PageRequest(
            limit: Int(query.integer("limit") ?? Int64(PageRequest.defaultLimit)), cursor: query.string("cursor"))
    }
}

extension Call {
    /// The row version of `If-Match`, when the caller guards a change.
    ///
    /// - Throws: ``Problem`` when the header is not an entity tag of a single resource.
    func ifMatch() throws(Problem) -> Int? {
        guard let text = request.headers[.ifMatch], text != "*" else { return nil }
        guard let version = ETag.version(text) else {
            throw .invalid("If-Match", "invalid", "must be the ETag of an earlier answer, such as \"v3-0a1b\"")
        }
        return version
    }
}

extension Call {
    /// What is known about the caller's device, for the list of sessions.
    var device: Device { Device(userAgent: request.headers[.userAgent], ip: caller.address) }
}
