import Conversations
import Foundation
import JSON
import Tenancy

/// The name under which a member answers: `metadata.authorName` of a member's message, which a visitor sees.
enum AuthorName {
    /// The member of `metadata`.
    static let key = "authorName"
    /// The most characters.
    private static let longest = 100

    /// Whether it is a name: nothing that looks like an address or an id.
    static func isName(_ text: String) -> Bool {
        (1...longest).contains(text.count) && !text.contains("@") && text.contains(where: \.isLetter)
            && UUID(uuidString: text.trimmingCharacters(in: .whitespaces)) == nil
    }
}

extension ConversationHead {
    /// The name of the member who writes here, where a customer reads it. Elsewhere metadata stays as it was sent.
    func signature(_ call: Call) -> String? { hasCustomer ? call.caller.identity?.name : nil }
}

extension MessageDraft {
    /// Puts the writer's name in, where a member says nothing else; `null` says that there is to be none.
    /// - Parameter member: how the member is called who writes; nil for a program.
    mutating func sign(as member: String?) {
        guard role == .user, metadata[AuthorName.key] == nil, let member, AuthorName.isName(member) else { return }
        metadata[AuthorName.key] = .string(member)
    }
}

extension JSONObject {
    /// Metadata that takes the place of a message's own: a member who wrote it keeps their name when none is given, and
    /// a visitor gives nobody one.
    func keepingAuthor(of message: Message, in scope: TenantScope) -> JSONObject {
        var metadata = self
        if scope.customerId != nil { metadata[AuthorName.key] = nil }
        if message.role == .user, metadata[AuthorName.key] == nil {
            metadata[AuthorName.key] = message.metadata[AuthorName.key]
        }
        return metadata
    }
}
