import Conversations
import Foundation
import JSON

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

extension MessageDraft {
    /// Puts the writer's name in, where a member says nothing else; `null` says that there is to be none. Nobody but the
    /// company's side has such a name.
    /// - Parameter member: how the member is called who writes; nil for a program.
    mutating func sign(as member: String?) {
        if role == .customer {
            metadata[AuthorName.key] = nil
        } else if role == .user, metadata[AuthorName.key] == nil, let member, AuthorName.isName(member) {
            metadata[AuthorName.key] = .string(member)
        }
    }
}

extension JSONObject {
    /// Metadata that takes the place of a message's own: whoever wrote it keeps their name when none is given.
    func keepingAuthor(of message: Message) -> JSONObject {
        var metadata = self
        if message.role == .customer {
            metadata[AuthorName.key] = nil
        } else if metadata[AuthorName.key] == nil {
            metadata[AuthorName.key] = message.metadata[AuthorName.key]
        }
        return metadata
    }
}
