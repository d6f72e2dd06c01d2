public import Conversations
import Crypto
public import Foundation
import JSON

/// Ids that follow from the trigger and the agent, so that a turn which is run twice, by whatever process, writes the
/// same reply and the same rows, and unique indexes keep one of each. They carry the trigger's time, as UUIDs of
/// version 7 do, because lists are sorted by id.
public enum TurnIdentity {
    /// The id of the reply of an agent to a message.
    public static func reply(to trigger: Message, by agent: String) -> UUID { derive("reply", trigger, agent) }

    /// The id of the turn of an agent for a message.
    public static func turn(for trigger: Message, of agent: String) -> UUID { derive("turn", trigger, agent) }

    /// The id of a row that a turn makes.
    static func row(of turn: UUID, _ purpose: String) -> UUID {
        let bytes = withUnsafeBytes(of: turn.uuid) { Array($0) }
        return derive(Array(bytes.prefix(6)), "row\n\(turn.lowercased)\n\(purpose)")
    }

    private static func derive(_ kind: String, _ trigger: Message, _ agent: String) -> UUID {
        let milliseconds = UInt64(max(0, (trigger.timestamp.timeIntervalSince1970 * 1_000).rounded()))
        let time = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * UInt64($0))) }
        return derive(time, "\(kind)\n\(trigger.companyId.lowercased)\n\(trigger.id.lowercased)\n\(agent)")
    }

    private static func derive(_ time: [UInt8], _ text: String) -> UUID {
        var bytes = time + SHA256.hash(data: Array("switchboard \(text)".utf8)).prefix(10)
        bytes[6] = 0x70 | bytes[6] & 0x0F
        bytes[8] = 0x80 | bytes[8] & 0x3F
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
