import Testing

@testable import Conversations

@Suite struct AppendSimulationTests {
    @Test(arguments: UInt64(1)...40)
    func everyMessageOnceAndNeverAHole(seed: UInt64) throws {
        var simulation = AppendSimulation(
            seed: seed, processes: 2 + Int(seed % 3), conversations: 1 + Int(seed % 7), losesAnswers: false)
        #expect(try simulation.run(300) == nil)
        #expect(simulation.failed.isEmpty)
        check(simulation)
        for message in simulation.messages {
            let isAnswered = simulation.acknowledged[message.id] != nil || simulation.repeats.contains(message.id)
            #expect(isAnswered, "message \(message.id)")
        }
    }

    @Test(arguments: UInt64(1)...40)
    func lostAnswersLeaveNoHoleAndNoDouble(seed: UInt64) throws {
        var simulation = AppendSimulation(
            seed: seed, processes: 2 + Int(seed % 3), conversations: 1 + Int(seed % 4), losesAnswers: true)
        #expect(try simulation.run(300) == nil)
        #expect(simulation.failed.values.allSatisfy { $0 == .outcomeUnknown })
        check(simulation)
    }

    /// Every acknowledged message is where the acknowledgement says, once; every repeat has a first one.
    func check(_ simulation: AppendSimulation) {
        var places: [Int: [Int]] = [:]
        for stored in simulation.model.conversations.values {
            for (seq, stored) in stored { places[stored.message, default: []].append(seq) }
        }
        for (message, seq) in simulation.acknowledged { #expect(places[message] == [seq], "message \(message)") }
        #expect(places.values.allSatisfy { $0.count == 1 })
        for message in simulation.repeats {
            let message = simulation.messages[message]
            let stored = simulation.model.conversations[message.key] ?? [:]
            #expect(stored.values.count { $0.clientId == message.clientId } == 1)
        }
    }
}
