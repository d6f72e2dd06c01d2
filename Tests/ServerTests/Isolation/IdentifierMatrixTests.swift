import Foundation
import JSON
import TestSupport
import Testing

/// Every route × every id in its path × whose id it is × who calls: somebody else's id, a deleted, an
/// unknown and a malformed one are answered with the same bytes, and nothing is ever a fault of the server.
@Suite struct IdentifierMatrixTests {
    @Test func foreignIdsLookLikeAbsentOnes() async throws {
        let world = try await MatrixWorld.make()
        let operations = MatrixOperation.all(in: world.own.api.document)
        #expect(operations.count > 25)
        for operation in operations {
            for parameter in operation.parameters {
                let ids = try await world.strangeIds(for: parameter, of: operation)
                for (name, caller) in world.callers {
                    let path = { operation.path(parameter, $0) }
                    var bodies: [String: Set<String>] = [:]
                    for (kind, id) in ids {
                        let answer = try await operation.send(path(id), as: caller)
                        let statement = "\(answer.status) \(String(decoding: answer.bytes, as: UTF8.self))"
                        bodies[statement, default: []].insert(kind)
                        let allowed = name == "nobody" ? [401] : name == "owner" ? [404] : [403, 404]
                        #expect(allowed.contains(answer.status), "\(operation.name) \(kind) as \(name): \(statement)")
                    }
                    #expect(bodies.count == 1, "\(operation.name) {\(parameter)} as \(name): \(bodies)")
                }
            }
        }
    }

    @Test func ownIdsAreFound() async throws {
        let world = try await MatrixWorld.make()
        for operation in MatrixOperation.all(in: world.own.api.document) where !operation.isStream {
            let path = try await operation.ownPath(world.own)
            for (name, caller) in world.callers where name != "owner" {
                let answer = try await operation.send(path, as: caller)
                #expect(name == "nobody" ? answer.status == 401 : answer.status < 500, "\(operation.name) \(name)")
                if name == "key" || name == "visitor" {
                    #expect([403, 404].contains(answer.status), "\(operation.name) \(name)")
                }
            }
            let fresh = try await operation.ownPath(world.own)
            let answer = try await operation.send(fresh, as: world.own.api)
            #expect((200...299).contains(answer.status), "\(operation.name): \(answer)")
        }
    }
}
