import Foundation
import JSON
import Mongo
import Tenancy

/// A turn's reply is stored in one transaction with the turn's end.
///
/// It joins the order of the group commit by the same rules (see ``AppendPlanner``). The transaction's snapshot tells
/// the last `seq` s, and s + 1 is inserted: s is stored then, and the commit by a majority makes it durable first. A
/// batch that wants s + 1 at the same moment waits for the commit and finds it taken, or is there first and makes the
/// transaction conflict, which is then run again as a whole. So there are neither holes nor doubles.
///
/// The transaction also writes the conversation (`messageCount`), which is what makes the check of `control.version`
/// hold until the commit: whoever changes control in between conflicts with it.
extension ConversationStore {
    /// How often a commit is run again that conflicts with others.
    private static let commitTries = 12

    /// Stores a turn's reply and end, or neither.
    /// - Throws: `NotFound` when the conversation is gone; ``ConversationError``; `InvalidFields`; `MongoError`.
    public func commit(_ commit: TurnCommit) async throws -> TurnCommitOutcome {
        let turn = commit.turn
        let scope = TenantScope.forJob(companyId: turn.companyId)
        try commit.reply.check(in: scope)
        var tries = 1
        while true {
            do {
                let stored = try await client.withTransaction { session in
                    try await self.store(commit, scope, session)
                }
                await onChange([stored.conversation.place])
                tell(stored, commit)
                return .stored(stored.message, stored.conversation)
            } catch is ClaimLost {
                return .claimLost
            } catch is ControlDiffers {
                // Says NotFound when the conversation itself is gone.
                _ = try await visible(turn.conversationId, in: scope)
                return .controlChanged
            } catch let error as MongoError where error.isConflict && tries < Self.commitTries {
                tries += 1
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...(5 * tries))))
            } catch let error as MongoError where error.code == .outcomeUnknown {
                guard let outcome = try await outcome(of: commit, scope) else { throw error }
                return outcome
            }
        }
    }

    /// Changes the reply of a turn that was called off while it waited for a decision. Nothing happens when it has none,
    /// or when somebody deleted it.
    /// - Throws: ``ConversationError``; `MongoError`.
    public func replaceReply(of turn: Turn, with reply: MessageDraft) async throws {
        guard let id = turn.replyMessageId else { return }
        var filter = turn.key.filter
        filter.append("_id", .uuid(id))
        filter.append("deletedAt", .null)
        let conversation = try await visible(turn.conversationId, in: .forJob(companyId: turn.companyId))
        let change = reply.replacement.noting(noted(.updated, conversation.audience, turn.companyId))
        guard let changed = try await messages.findAndUpdate(filter, change, returnNew: true) else { return }
        let message = try Message(changed)
        await onChange([conversation.place])
        onEvent(conversation.event(.messageUpdated(message)))
        await removeTracesNow(of: message)
    }

    private struct ClaimLost: Error {}
    private struct ControlDiffers: Error {}
    private struct Stored: Sendable {
        var message: Message
        var conversation: Conversation
        var isNew: Bool
    }

    private func store(_ commit: TurnCommit, _ scope: TenantScope, _ session: MongoSession) async throws -> Stored {
        let turn = commit.turn
        let ended = try await turns.turns.update(one: turn.claimedFilter, commit.update, session: session)
        guard ended.matched == 1 else { throw ClaimLost() }
        let last = try await messages.find(
            turn.key.filter, sort: ["seq": -1], limit: 1, projection: ["_id": 0, "seq": 1, "timestamp": 1],
            session: session
        ).first
        let isNew = turn.replyMessageId == nil
        let now = max(Date().inMilliseconds, last?.date("timestamp") ?? .distantPast)
        let seq = (last?.int("seq") ?? 0) + (isNew ? 1 : 0)
        let head = isNew ? Head(seq: seq, timestamp: now) : nil
        var filter = scope.filter(id: turn.conversationId)
        filter.append("control.version", .int64(Int64(commit.controlVersion)))
        // A call for a person is news of the conversation; that something was said is news of the message.
        let update = commit.conversationUpdate(head, at: now).noting(
            commit.callsPerson ? try await noted(.updated, of: turn.conversationId, in: scope) : nil)
        guard
            let changed = try await conversations.findAndUpdate(
                filter, update, returnNew: true, session: session)
        else { throw ControlDiffers() }
        let conversation = try Conversation(changed)
        let message = try await write(commit, head, conversation.audience, scope, session)
        if !isNew { try await summaries.invalidate(turn.key, seq: message.seq, session: session) }
        return Stored(message: message, conversation: conversation, isNew: isNew)
    }

    private func write(
        _ commit: TurnCommit, _ head: Head?, _ audience: Audience, _ scope: TenantScope, _ session: MongoSession
    ) async throws -> Message {
        let turn = commit.turn
        if let id = turn.replyMessageId, head == nil {
            var filter = turn.key.filter
            filter.append("_id", .uuid(id))
            var present = filter
            present.append("deletedAt", .null)
            let changed = try await messages.findAndUpdate(
                present, commit.reply.replacement.noting(noted(.updated, audience, turn.companyId)), returnNew: true,
                session: session)
            // Somebody deleted it meanwhile: it stays deleted.
            if let changed { return try Message(changed) }
            guard let document = try await messages.findOne(filter, session: session) else {
                throw ConversationError.corrupt("replyMessageId")
            }
            return try Message(document)
        }
        var message = Message(
            commit.reply, sender: scope.sender(of: commit.reply), companyId: turn.companyId,
            conversationId: turn.conversationId, in: audience)
        if let head { message = message.at(seq: head.seq, timestamp: head.timestamp) }
        let document = MessageDocument(message, noted: noted(.created, audience, turn.companyId))
        try document.checkSize()
        try await messages.insert(document.document, session: session)
        return message
    }

    private func tell(_ stored: Stored, _ commit: TurnCommit) {
        let key = commit.turn.key
        if stored.isNew {
            self.commit.learn(Head(seq: stored.message.seq, timestamp: stored.message.timestamp), for: key)
        }
        onEvent(
            stored.conversation.event(
                stored.isNew ? .messagesAppended([StoredMessage(stored.message)]) : .messageUpdated(stored.message)))
        if commit.callsPerson { onEvent(stored.conversation.event(.conversationUpdated(stored.conversation))) }
    }

    /// What became of a commit whose answer was lost; nil when the turn is still as it was.
    private func outcome(of commit: TurnCommit, _ scope: TenantScope) async throws -> TurnCommitOutcome? {
        let now = try await turns.turn(commit.turn.id, scope)
        if now.state == .running, now.lease == commit.turn.lease { return nil }
        guard now.state == commit.state, let id = now.replyMessageId, id == commit.reply.id else { return .claimLost }
        let conversation = try await visible(now.conversationId, in: scope)
        let message = try await message(id, of: now.conversationId, in: scope)
        await onChange([conversation.place])
        onEvent(conversation.event(.messagesAppended([StoredMessage(message)])))
        return .stored(message, conversation)
    }
}

extension MongoError {
    /// Whether two transactions got into each other's way and running this one again may help.
    fileprivate var isConflict: Bool { labels.contains("TransientTransactionError") || isDuplicateKey }
}

extension TurnCommit {
    fileprivate var update: BSONDocument {
        var values: [(String, BSONValue)] = [("status", .string(state.rawValue))]
        if state.isFinal { values.append(("finishedAt", .date(Date().inMilliseconds))) }
        if let id = turn.replyMessageId ?? reply.id { values.append(("replyMessageId", .uuid(id))) }
        if let error { values.append(("error", .string(error))) }
        if let record { values.append(("record", FreeForm.bson(record))) }
        if let input { values.append(("input", FreeForm.bson(input))) }
        return ["$set": .document(BSONDocument(values)), "$unset": TurnStore.claimFields]
    }

    fileprivate func conversationUpdate(_ head: Head?, at now: Date) -> BSONDocument {
        var update = BSONDocument()
        if let head {
            update.append(
                "$max",
                [
                    "metadata.messageCount": .int64(Int64(head.seq)),
                    "metadata.lastMessageAt": .date(head.timestamp), "lastActivityAt": .date(head.timestamp),
                ])
        }
        if callsPerson {
            update.append(
                "$set",
                ["control.requestedAt": .date(now), "control.changedAt": .date(now), "updatedAt": .date(now)])
            update.append("$unset", ["control.holder": 1, "control.remindedAt": 1])
            update.append("$inc", ["control.version": .int64(1), "version": .int64(1)])
        } else if head == nil {
            // Written in any case, so that a change of control conflicts with it.
            update.append("$inc", ["version": .int64(1)])
        }
        return update
    }
}

extension MessageDraft {
    /// What a reply that says how things stand becomes when they stand differently.
    fileprivate var replacement: BSONDocument {
        var values: [(String, BSONValue)] = [
            ("content", .string(content)), ("metadata", FreeForm.bson(metadata)),
            (ConversationStore.traceMark, .date(Date().inMilliseconds)),
        ]
        if let labels { values.append(("labels", .document(labels.document))) }
        if let reasoning { values.append(("reasoning", FreeForm.bson(reasoning))) }
        return ["$set": .document(BSONDocument(values))]
    }
}
