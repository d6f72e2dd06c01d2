public import Foundation
import JSON

/// What an agent keeps of a conversation between two turns with the same author: the question it asked, the list it
/// numbered, how often it had no answer in a row. Lives in `agent_state`, at most eight authors a conversation.
public struct SkillMemory: Sendable, Hashable {
    static let maximumAuthors = 8
    static let maximumItems = 20
    static let longestLabel = 100

    /// The question that waits for an answer.
    public var pending: PendingQuestion?
    /// What the numbers of the last list stand for.
    public var list: [PendingQuestion.Option] = []
    /// When that list was shown.
    public var listedAt = Date.distantPast
    /// Drafts that wait to be sent, oldest first.
    public var drafts: [PendingQuestion.Option] = []
    /// When the last of them was written.
    public var draftedAt = Date.distantPast
    /// Instructions in a row that found no answer.
    public var misses = 0

    /// Nothing kept.
    public init() {}

    /// What number `n` (from 1) of the last list stands for, while the list is younger than 30 minutes.
    public func item(_ number: Int, at now: Date) -> PendingQuestion.Option? {
        guard now.timeIntervalSince(listedAt) < PendingQuestion.lifetime, list.indices.contains(number - 1) else {
            return nil
        }
        return list[number - 1]
    }

    /// Draft number `n` (from 1), while the last one is younger than 30 minutes.
    public func draft(_ number: Int, at now: Date) -> PendingQuestion.Option? {
        guard now.timeIntervalSince(draftedAt) < PendingQuestion.lifetime, drafts.indices.contains(number - 1) else {
            return nil
        }
        return drafts[number - 1]
    }

    /// Keeps a draft and tells its number. Old drafts, and those beyond ten, are forgotten here; they stay where they are.
    public mutating func addDraft(_ draft: PendingQuestion.Option, at now: Date) -> Int {
        if now.timeIntervalSince(draftedAt) >= PendingQuestion.lifetime || drafts.count >= 10 { drafts = [] }
        draftedAt = now
        if let place = drafts.firstIndex(where: { $0.value == draft.value }) { return place + 1 }
        drafts.append(.init(String(draft.label.prefix(Self.longestLabel)), draft.value))
        return drafts.count
    }

    /// Keeps a numbered list.
    public mutating func keep(_ items: [PendingQuestion.Option], at now: Date) {
        list = items.prefix(Self.maximumItems).map { .init(String($0.label.prefix(Self.longestLabel)), $0.value) }
        listedAt = now
    }
}

extension SkillMemory {
    /// Reads one author's part of an agent's state: as it was before the turn, should the turn have written it before
    /// its process died.
    init(_ state: JSONObject, author: TurnAuthor, turn: UUID? = nil) {
        let now = state["authors"]?[author.key]
        let isRepeat = turn != nil && now?["turn"]?.stringValue == turn?.lowercased
        self.init(part: isRepeat ? now?["before"] : now)
    }

    /// Reads what ``json`` wrote.
    init(part: JSONValue?) {
        guard let part else { return }
        pending = part["pending"].flatMap { PendingQuestion($0) }
        list = part["list"]?.arrayValue?.compactMap { PendingQuestion.Option($0) } ?? []
        listedAt = part["listedAt"]?.stringValue.flatMap(Timestamp.parse(_:)) ?? .distantPast
        drafts = part["drafts"]?.arrayValue?.compactMap { PendingQuestion.Option($0) } ?? []
        draftedAt = part["draftedAt"]?.stringValue.flatMap(Timestamp.parse(_:)) ?? .distantPast
        misses = part["misses"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0
    }

    /// The agent's state with this author's part laid in; the author who wrote longest ago goes when there are too many.
    /// - Parameter turn: the turn that writes, and what it began with, for the case that it is run again.
    func stored(
        in state: JSONObject, author: TurnAuthor, turn: (id: UUID, before: SkillMemory)? = nil
    ) -> JSONObject {
        var part = json
        var authors = state["authors"]?.objectValue ?? [:]
        // Only one turn of a conversation runs at a time: what others began with is of no use any more.
        for key in authors.keys {
            guard var other = authors[key]?.objectValue, other["before"] != nil else { continue }
            other["before"] = nil
            authors[key] = .object(other)
        }
        if let turn {
            part["turn"] = .string(turn.id.lowercased)
            part["before"] = .object(turn.before.json)
        }
        authors[author.key] = nil
        authors[author.key] = .object(part)
        while authors.count > Self.maximumAuthors, let oldest = authors.keys.first { authors[oldest] = nil }
        var result = state
        result["authors"] = .object(authors)
        return result
    }

    /// One author's part.
    var json: JSONObject {
        var part: JSONObject = [
            "list": .array(list.map(\.json)),
            "listedAt": .string(Timestamp.string(max(listedAt, .init(timeIntervalSince1970: 0)))),
            "misses": .integer(Int64(misses)),
        ]
        part["pending"] = pending?.json
        if !drafts.isEmpty {
            part["drafts"] = .array(drafts.map(\.json))
            part["draftedAt"] = .string(Timestamp.string(draftedAt))
        }
        return part
    }
}
