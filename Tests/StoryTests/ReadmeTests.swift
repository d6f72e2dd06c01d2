import Foundation
import TestSupport
import Testing

extension Chaos {
    @Suite struct ReadmeTests {
        /// The three stories run as they are printed, and end as they promise.
        @Test func theStoriesRun() async throws {
            let readme = try String(
                contentsOf: SwitchboardProgram.package.appendingPathComponent("README.md"), encoding: .utf8)
            let stories = try Self.stories(in: readme)
            try #require(stories.count == 3)
            let proofs = [
                ["4411", "phone: 401", "laptop: 200"],
                ["friendly and upbeat", "89.00", "\"amountCents\": 8900", "archived", "\"agent\": \"sales\""],
                ["Weather tool", "1\n2\nforecast", "other: 404", "deleted: 204"],
            ]
            try await World.with { world in
                try await world.serve { server in
                    for (story, proofs) in zip(stories, proofs) {
                        let outcome = try await SwitchboardProgram.run(
                            "/bin/bash", ["-euo", "pipefail", "-c", story], environment: ["SWITCHBOARD": server.base])
                        #expect(outcome.exitCode == 0, "\(outcome.output)")
                        for proof in proofs {
                            #expect(outcome.output.contains(proof), "no \(proof) in:\n\(outcome.output)")
                        }
                    }
                }
            }
        }

        /// The first block of shell under each heading of the stories' section.
        private static func stories(in readme: String) throws -> [String] {
            let section = try #require(readme.components(separatedBy: "\n## Three stories\n").dropFirst().first)
            let own = section.components(separatedBy: "\n## ")[0]
            return own.components(separatedBy: "\n### ").dropFirst().compactMap { story in
                story.components(separatedBy: "```sh\n").dropFirst().first?.components(separatedBy: "\n```")[0]
            }
        }
    }
}
