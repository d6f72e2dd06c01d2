import Testing

@testable import Server

@Suite struct FileLimitTests {
    @Test func connectionsLeaveFilesForEverythingElse() {
        #expect(FileLimit.connections(10_000, files: nil) == 10_000)
        #expect(FileLimit.connections(10_000, files: 1 << 20) == 10_000)
        #expect(FileLimit.connections(10_000, files: 4_096) == 4_096 - FileLimit.reserved)
        #expect(FileLimit.connections(10_000, files: 64) == 16)
        #expect(FileLimit.connections(8, files: 64) == 8)
    }

    @Test func theLimitIsRaisedAndStaysRaised() throws {
        let raised = try #require(FileLimit.raise())
        #expect(raised >= 1_024)
        #expect(FileLimit.raise() == raised)
    }
}
