import Foundation

/// Holds streamed text back until a sentence is whole, so that what is shown was checked before. Pure.
///
/// Text goes out at the end of a sentence or line, or after 200 characters at the next space. Each time all of it so far
/// is cleaned and checked anew; when a check fails nothing more goes out.
struct SentenceRelease: Sendable {
    static let longest = 200

    private let prepare: @Sendable (String) -> String?
    private var text = ""
    /// Where the text is ready up to.
    private var ready: String.Index
    private var shown = ""
    private var isStopped = false

    /// A release.
    /// - Parameter prepare: cleans a text from its beginning; nil when it must not be shown.
    init(_ prepare: @escaping @Sendable (String) -> String?) {
        self.prepare = prepare
        ready = text.startIndex
    }

    /// Whether something went out.
    var hasShown: Bool { !shown.isEmpty }

    /// Takes text in; returns what may be shown now.
    mutating func add(_ piece: String) -> String? {
        guard !isStopped else { return nil }
        let place = ready.utf16Offset(in: text)
        text += piece
        ready = String.Index(utf16Offset: place, in: text)
        guard let end = boundary() else { return nil }
        ready = end
        guard let clean = prepare(String(text[..<end])), clean.hasPrefix(shown) else {
            isStopped = true
            return nil
        }
        let new = String(clean.dropFirst(shown.count))
        shown = clean
        return new.isEmpty ? nil : new
    }

    /// The end of what is whole: after the last sentence end, before anything that is still open.
    private func boundary() -> String.Index? {
        var end: String.Index?
        var lastSpace: String.Index?
        var index = ready
        while index < text.endIndex {
            let next = text.index(after: index)
            // Without what follows it is not known whether "3." ends a sentence.
            if next == text.endIndex, !text[index].isNewline { break }
            if text[index].isNewline {
                end = next
            } else if ".!?…。！？".contains(text[index]), text[next].isWhitespace || "。！？".contains(text[index]) {
                end = next
            } else if text[index].isWhitespace {
                lastSpace = next
                if text.distance(from: end ?? ready, to: index) >= Self.longest { end = next }
            }
            index = next
        }
        if end == nil, let lastSpace, text.distance(from: ready, to: lastSpace) >= Self.longest { end = lastSpace }
        guard let end, !isOpen(text[..<end]) else { return nil }
        return end > ready ? end : nil
    }

    /// Whether a tag, a link or a thought is open at the end of a text: it would be read differently once closed.
    private func isOpen(_ text: Substring) -> Bool {
        if let tag = text.lastIndex(of: "<"), let next = text[tag...].dropFirst().first, !next.isWhitespace,
            !text[tag...].contains(">"), text[tag...].count < 2_000
        {
            return true
        }
        if let bracket = text.lastIndex(of: "["), !text[bracket...].contains("]"), text[bracket...].count < 500 {
            return true
        }
        if let link = text.range(of: "](", options: .backwards), !text[link.lowerBound...].contains(")") { return true }
        guard let thought = text.range(of: "<think>", options: .backwards) else { return false }
        return text.range(of: "</think>", range: thought.upperBound..<text.endIndex) == nil
    }
}
