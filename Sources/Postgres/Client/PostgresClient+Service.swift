import ServiceLifecycle

extension PostgresClient: Service {
    /// Waits for the group's graceful shutdown, or for cancellation, and closes the connections then.
    public func run() async throws {
        try? await gracefulShutdown()
        await shutdown()
    }
}
