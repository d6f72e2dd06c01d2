/// A provider's API key. It never appears in descriptions, dumps or errors; only the request that needs it reads it.
public struct ModelKey: Sendable, Hashable {
    let text: String

    /// A key of visible ASCII characters, 1 to 4,096 of them; nil for anything else, which could not be sent.
    public init?(_ text: String) {
        guard (1...4_096).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.text = text
    }
}

extension ModelKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says only that there is one.
    public var description: String { "(secret)" }
    /// Says only that there is one.
    public var debugDescription: String { "(secret)" }
    /// Has no children, so that `dump` prints nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
