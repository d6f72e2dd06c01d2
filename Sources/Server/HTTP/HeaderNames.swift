import HTTPTypes

extension HTTPField.Name {
    /// A header's name written in this source.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a header's name") }
        return name
    }

    static let hubSignature = known("X-Hub-Signature-256")
    static let host = known("Host")
    static let requestId = known("X-Request-Id")
    static let companyId = known("X-Company-Id")
    static let forwardedFor = known("X-Forwarded-For")
    static let idempotencyKey = known("Idempotency-Key")
    static let idempotencyReplayed = known("Idempotency-Replayed")
    static let prefer = known("Prefer")
    static let preferenceApplied = known("Preference-Applied")
    static let rateLimit = known("RateLimit")
    static let rateLimitPolicy = known("RateLimit-Policy")
    static let rateLimitLimit = known("X-RateLimit-Limit")
    static let rateLimitRemaining = known("X-RateLimit-Remaining")
    static let rateLimitReset = known("X-RateLimit-Reset")
    static let accelBuffering = known("X-Accel-Buffering")
    static let lastEventId = known("Last-Event-ID")
    static let referrerPolicy = known("Referrer-Policy")
    static let frameOptions = known("X-Frame-Options")
    static let crossOriginOpenerPolicy = known("Cross-Origin-Opener-Policy")
    static let permissionsPolicy = known("Permissions-Policy")
}
