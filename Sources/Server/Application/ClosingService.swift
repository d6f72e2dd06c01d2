import ServiceLifecycle

/// Closes something when the server shuts down; services after it in the list have ended by then.
struct ClosingService: Service {
    let close: @Sendable () async -> Void

    func run() async throws {
        try? await gracefulShutdown()
        await close()
    }
}
