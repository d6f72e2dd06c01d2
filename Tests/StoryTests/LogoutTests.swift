import Foundation
import TestSupport
import Testing

extension Chaos {
    @Suite struct LogoutTests {
        /// The very next request on the other process is refused, every time, although both had the session cached.
        @Test func logoutOnOneProcessEndsTheSessionOnTheOther() async throws {
            try await World.with { world in
                try await world.serve { first in
                    try await world.serve { second in
                        let ports = (first.port, second.port)
                        try await Threads.one {
                            let tenant = try Tenant(at: ports.0)
                            let here = try Wire(port: ports.0)
                            let there = try Wire(port: ports.1)
                            var late = 0
                            for _ in 0..<200 {
                                let token = try tenant.logIn(here)
                                for wire in [here, there, there] {
                                    try #require(try wire.send("GET", "/api/auth/me", token: token).status == 200)
                                }
                                let out = try here.send("POST", "/api/auth/logout", token: token)
                                try #require(out.status == 204)
                                if try there.send("GET", "/api/auth/me", token: token).status != 401 { late += 1 }
                                #expect(try here.send("GET", "/api/auth/me", token: token).status == 401)
                            }
                            #expect(late == 0, "\(late) of 200 sessions outlived their logout on the other process")
                            // The first session never ended.
                            #expect(try there.send("GET", "/api/auth/me", token: tenant.token).status == 200)
                        }
                    }
                }
            }
        }
    }
}
