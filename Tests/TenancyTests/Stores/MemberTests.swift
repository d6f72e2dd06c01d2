import Foundation
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct MemberTests {
    @Test func addsRegisteredPeopleByAddress() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let joe = try await world.register("Joe")
            let member = try await world.members.add(
                ana.scope, email: joe.user.email?.uppercased() ?? "", role: .member)
            #expect(member.userId == joe.user.id && member.role == .member)
            let exists = await #expect(throws: StoreConflict.self) {
                try await world.members.add(ana.scope, email: joe.user.email ?? "", role: .admin)
            }
            #expect(exists?.code == "exists")
            let unknown = await #expect(throws: InvalidFields.self) {
                try await world.members.add(ana.scope, email: "nobody@example.com", role: .member)
            }
            #expect(unknown?.errors.map(\.code) == ["not_found"])
            await #expect(throws: InvalidFields.self) {
                try await world.members.add(ana.scope, email: "nobody", role: .member)
            }
            #expect(try await world.members.list(ana.scope).items.map(\.name) == ["Ana", "Joe"])
        }
    }

    @Test func pagesInTheOrderOfJoining() async throws {
        try await World.with { world in
            let ana = try await world.register()
            for _ in 0..<4 { _ = try await world.join(ana, as: .member) }
            var names: [UUID] = []
            var cursor: String?
            repeat {
                let page = try await world.members.list(ana.scope, page: PageRequest(limit: 2, cursor: cursor))
                names += page.items.map(\.userId)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(names.count == 5 && Set(names).count == 5 && names.first == ana.user.id)
        }
    }

    @Test func theLastOwnerStays() async throws {
        try await World.with { world in
            let ana = try await world.register()
            _ = try await world.join(ana, as: .admin)
            for attempt in 0..<3 {
                let error = await #expect(throws: StoreConflict.self) {
                    switch attempt {
                    case 0: try await world.members.remove(ana.scope, ana.user.id)
                    case 1: _ = try await world.members.update(ana.scope, ana.user.id, role: .admin)
                    default: try await world.members.remove(ana.worker, ana.user.id)
                    }
                }
                #expect(error?.code == "last_owner")
            }
        }
    }

    /// Two owners who both leave, or demote each other, at the same moment.
    @Test func twoOwnersCannotBothLeave() async throws {
        try await World.with { world in
            for round in 0..<8 {
                let ana = try await world.register()
                let joe = try await world.join(ana, as: .owner)
                let results = await concurrently(2) { index in
                    let (scope, target) =
                        round % 2 == 0
                        ? [(ana.scope, ana.user.id), (joe.scope, joe.user.id)][index]
                        : [(ana.scope, joe.user.id), (joe.scope, ana.user.id)][index]
                    if round % 4 < 2 {
                        try await world.members.remove(scope, target)
                    } else {
                        _ = try await world.members.update(scope, target, role: .member)
                    }
                }
                #expect(results.compactMap(\.value).count == 1)
                #expect(results.compactMap { $0.error as? StoreConflict }.map(\.code) == ["last_owner"])
                let owners = try await world.members.list(ana.worker).items.filter { $0.role == .owner }
                #expect(owners.count == 1)
            }
        }
    }

    @Test func onlyOwnersTouchOwners() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let admin = try await world.join(ana, as: .admin)
            let member = try await world.join(ana, as: .member)
            let key = TenantScope(
                companyId: ana.scope.companyId, caller: .apiKey(id: .v7(), permissions: Set(Permission.allCases)))
            let stranger = try await world.register("Sam")
            for scope in [admin.scope, key] {
                await #expect(throws: Forbidden.self) {
                    try await world.members.add(scope, email: stranger.user.email ?? "", role: .owner)
                }
                await #expect(throws: Forbidden.self) {
                    try await world.members.update(scope, admin.user.id, role: .owner)
                }
                await #expect(throws: Forbidden.self) {
                    try await world.members.update(scope, ana.user.id, role: .member)
                }
                await #expect(throws: Forbidden.self) { try await world.members.remove(scope, ana.user.id) }
            }
            await #expect(throws: Forbidden.self) { try await world.members.remove(member.scope, admin.user.id) }
            await #expect(throws: Forbidden.self) {
                try await world.members.update(member.scope, member.user.id, role: .admin)
            }
            try await world.members.remove(member.scope, member.user.id)
            #expect(try await world.members.find(ana.scope, member.user.id) == nil)
        }
    }

    @Test func theVersionGuardsChanges() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let joe = try await world.join(ana, as: .member)
            let changed = try await world.members.update(ana.scope, joe.user.id, role: .admin, ifVersion: 1)
            #expect(changed.version == 2)
            await #expect(throws: VersionMismatch(current: 2)) {
                try await world.members.update(ana.scope, joe.user.id, role: .member, ifVersion: 1)
            }
            await #expect(throws: VersionMismatch(current: 2)) {
                try await world.members.remove(ana.scope, joe.user.id, ifVersion: 1)
            }
        }
    }

    @Test func thePlansLimitHoldsAlsoForTwoAtOnce() async throws {
        try await World.with { world in
            let ana = try await world.register()
            var people: [String] = []
            for _ in 0..<4 { people.append(try await world.register("Joe").user.email ?? "") }
            var limits = PlanTable.standard.limits(.free)
            limits[.members] = 3
            let (emails, three) = (people, limits)
            let results = await concurrently(4) { index in
                try await world.members.add(ana.scope, email: emails[index], role: .member, limits: three)
            }
            #expect(results.compactMap(\.value).count == 2)
            #expect(results.compactMap { $0.error as? QuotaExceeded }.count == 2)
        }
    }
}
