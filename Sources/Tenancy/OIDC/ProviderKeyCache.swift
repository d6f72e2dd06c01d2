import Foundation
import JSON

/// Keeps one provider's keys: for as long as the provider says (5 minutes to 24 hours), the last good ones while it is
/// down. One fetch at a time; an unknown key id asks again at most once a minute.
actor ProviderKeyCache {
    private let issuer: OIDCIssuer
    private let fetch: OIDCVerifier.Fetch
    private let now: @Sendable () -> Date

    private var keys: ProviderKeys?
    private var freshUntil = Date.distantPast
    private var nextAttempt = Date.distantPast
    private var nextForced = Date.distantPast
    private var fetching: Task<Bool, Never>?

    init(_ issuer: OIDCIssuer, fetch: @escaping OIDCVerifier.Fetch, now: @escaping @Sendable () -> Date) {
        self.issuer = issuer
        self.fetch = fetch
        self.now = now
    }

    /// The keys, when the one with this id is among them.
    /// - Throws: ``ProviderUnavailable`` when no keys are known.
    func keys(for id: String) async throws -> ProviderKeys? {
        if now() >= freshUntil, now() >= nextAttempt { await refresh() }
        guard let known = keys else { throw ProviderUnavailable(issuer: issuer.issuer) }
        if known.ids.contains(id) { return known }
        if now() >= nextForced {
            nextForced = now().addingTimeInterval(60)
            await refresh()
        }
        return keys.flatMap { $0.ids.contains(id) ? $0 : nil }
    }

    /// Fetches, or waits for the fetch that is under way.
    private func refresh() async {
        if let fetching {
            _ = await fetching.value
            return
        }
        let task = Task { await load() }
        fetching = task
        let succeeded = await task.value
        fetching = nil
        // A failed attempt is not repeated by every request.
        nextAttempt = succeeded ? .distantPast : now().addingTimeInterval(keys == nil ? 5 : 60)
    }

    private func load() async -> Bool {
        do {
            let document = try await fetch(try await location())
            guard document.body.count <= OIDCVerifier.maximumDocument, let new = await ProviderKeys(document.body),
                !new.ids.isEmpty
            else { return false }
            keys = new
            let age = min(max(document.maximumAge ?? 3600, 300), 86_400)
            freshUntil = now().addingTimeInterval(TimeInterval(age))
            return true
        } catch {
            return false
        }
    }

    private func location() async throws -> String {
        if let url = issuer.jwksURL { return url }
        let document = try await fetch(issuer.discoveryURL)
        guard document.body.count <= OIDCVerifier.maximumDocument,
            let discovery = try? JSONValue.parse(document.body),
            discovery["issuer"]?.stringValue == issuer.issuer, let url = discovery["jwks_uri"]?.stringValue
        else { throw ProviderUnavailable(issuer: issuer.issuer) }
        return url
    }
}
