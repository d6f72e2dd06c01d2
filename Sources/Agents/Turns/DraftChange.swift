/// A step of an answer while it is being written, for whoever watches. What is shown this way is provisional: the reply
/// that is stored replaces it.
public enum DraftChange: Sendable, Hashable {
    /// More text, to be appended.
    case text(String)
    /// What was shown is void: the answer begins again.
    case reset
}
