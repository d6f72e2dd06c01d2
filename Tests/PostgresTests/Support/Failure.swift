import Postgres
import Testing

/// The error that `body` throws, which must be one of the driver's.
func failure(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> some Any
) async throws -> PostgresError {
    do {
        _ = try await body()
    } catch let error as PostgresError {
        return error
    }
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    throw NothingWasThrown()
}

struct NothingWasThrown: Error {}
