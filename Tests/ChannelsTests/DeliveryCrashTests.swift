import Doubles
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Channels
@testable import Conversations
@testable import Tenancy

/// A process that dies at any step between a message and its delivery, or between a webhook and its message.
@Suite(.timeLimit(.minutes(4))) struct DeliveryCrashTests {
    /// Dies at one step, so often.
    private final class Death: Sendable {
        let step: DeliveryStep
        private let left: Mutex<Int>
        init(_ step: DeliveryStep, times: Int = 1) {
            self.step = step
            left = Mutex(times)
        }
        var happened: Bool { left.withLock { $0 == 0 } }
        @Sendable func meet(_ step: DeliveryStep) throws {
            guard step == self.step else { return }
            let dies = left.withLock { left in
                defer { left = max(0, left - 1) }
                return left > 0
            }
            if dies { throw DeliveryCrash() }
        }
    }

    @Test(arguments: [DeliveryStep.handingOver, .handedOver, .claimed, .recorded])
    func anotherProcessSendsOnce(step: DeliveryStep) async throws {
        try await ChannelBench.with { bench in
            let death = Death(step)
            let conversation = try await bench.conversation()
            let first = try await bench.write("one", in: conversation)
            try await bench.processes(1, { $0.onStep = death.meet }) { _ in
                try await eventually("it dies at \(step)") { death.happened }
            }
            try await bench.expireClaims()
            try await bench.processes(2) { _ in
                let last = try await bench.write("two", in: conversation)
                try await eventually("both are sent") {
                    try await bench.messages(conversation).filter { $0.delivery?.state == .sent }.count == 2
                }
                #expect(last.seq == first.seq + 1)
            }
            #expect(bench.meta.sent.map(\.text) == ["one", "two"])
        }
    }

    /// Between the provider's answer and our note of it nobody can know; word of it decides, before anything is sent again.
    @Test func betweenSendingAndRecordingWordDecides() async throws {
        try await ChannelBench.with { bench in
            let death = Death(.answered)
            let conversation = try await bench.conversation()
            try await bench.write("one", in: conversation)
            let patient: (inout ChannelConfiguration) -> Void = {
                $0.onStep = death.meet
                $0.ambiguousWait = .seconds(600)
            }
            try await bench.processes(1, patient) { _ in
                try await eventually("it dies") { death.happened }
            }
            let sent = try #require(bench.meta.sent.first)
            try await bench.tell(.status("sent", of: sent.id, opaque: sent.opaque))
            try await bench.processes(2) { _ in
                try await bench.write("two", in: conversation)
                try await eventually("both are sent") {
                    try await bench.messages(conversation).filter { $0.delivery?.state == .sent }.count == 2
                }
            }
            #expect(bench.meta.sent.map(\.text) == ["one", "two"])
        }
    }

    @Test func withoutWordItIsSentAgainAndAfterThreeTriesGivenUp() async throws {
        try await ChannelBench.with { bench in
            let conversation = try await bench.conversation()
            let first = try await bench.write("one", in: conversation)
            bench.meta.answerAlways(.status(504))
            try await bench.processes(2) { _ in
                try await eventually("it is given up") {
                    try await bench.messages(conversation).first { $0.id == first.id }?.delivery?.state == .failed
                }
                #expect(bench.meta.attempts == 3)
                bench.meta.answerAlways(.take)
                try await bench.write("two", in: conversation)
                try await eventually("the next goes on") { bench.meta.sent.map(\.text) == ["two"] }
            }
        }
    }

    @Test(arguments: [DeliveryStep.placed, .appended])
    func aWebhookThatWasAnsweredBecomesOneMessage(step: DeliveryStep) async throws {
        try await ChannelBench.with { bench in
            let death = Death(step, times: 2)
            try await bench.tell(.text("one", from: "4915110", id: "wamid.1"))
            try await bench.processes(1, { $0.onStep = death.meet }) { _ in
                for _ in 0..<2 {
                    try await eventually("an event was claimed") {
                        let claimed = try await bench.postgres.query(
                            "SELECT 1 AS one FROM channel_events WHERE state = 'pending' AND due_at > now()",
                            settings: .sweeper)
                        return !claimed.isEmpty || death.happened
                    }
                    try await bench.expireClaims()
                }
                try await eventually("it died twice") {
                    try await bench.expireClaims()
                    return death.happened
                }
            }
            try await bench.expireClaims()
            try await bench.processes(2) { _ in
                try await bench.tell(.text("one", from: "4915110", id: "wamid.1"), .text("two", from: "4915110"))
                let scope = bench.worker
                try await eventually("both are there") {
                    guard
                        let conversation = try await bench.conversations.list(
                            ConversationFilter(platform: .whatsapp), in: scope
                        ).items.first
                    else { return false }
                    return try await bench.messages(conversation.id).map(\.content) == ["one", "two"]
                }
                #expect(try await bench.conversations.list(in: scope).items.count == 1)
            }
        }
    }

    /// Two processes, many conversations, a provider that answers slowly, refuses and loses answers.
    @Test func manyConversationsByTwoProcessesOnce() async throws {
        try await ChannelBench.with { bench in
            var conversations: [UUID] = []
            for number in 0..<6 { conversations.append(try await bench.conversation(with: "49\(number)")) }
            let script: [FakeMeta.Behaviour] = (0..<60).map { number in
                switch number % 6 {
                case 1: .refuse(131000, status: 500)
                case 3: .delay(.milliseconds(30))
                case 4: .status(429)
                default: .take
                }
            }
            for behaviour in script { bench.meta.answerNext(behaviour) }
            let all = conversations
            try await bench.processes(2) { _ in
                for number in 1...5 {
                    for conversation in all { try await bench.write("\(number)", in: conversation) }
                }
                try await eventually("all are sent", within: 60) { bench.meta.sent.count >= 30 }
                try await eventually("all say so", within: 60) {
                    for conversation in all {
                        guard try await bench.messages(conversation).allSatisfy({ $0.delivery?.state == .sent }) else {
                            return false
                        }
                    }
                    return true
                }
            }
            for number in 0..<6 {
                let texts = bench.meta.sent.filter { $0.to == "49\(number)" }.map(\.text)
                #expect(texts == ["1", "2", "3", "4", "5"])
            }
        }
    }
}
