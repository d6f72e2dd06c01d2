import JSON

/// A message that is stored for good, with its JSON, which is written once for the answer and for all who are told.
public struct StoredMessage: Sendable, Hashable {
    /// The message.
    public let message: Message
    /// The message as JSON in UTF-8, for those who may see all of it.
    public let json: [UInt8]

    /// Writes the JSON of a message.
    public init(_ message: Message) {
        self.message = message
        // Room for the content and what stands around it, so that the buffer seldom has to grow.
        var writer = JSONWriter(capacity: 640 + message.content.utf8.count)
        writer.value(message)
        json = writer.bytes
    }
}
