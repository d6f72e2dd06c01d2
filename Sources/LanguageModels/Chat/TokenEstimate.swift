/// Guesses how many tokens a text has, where no server has counted: 3.5 characters each, of the scripts that are
/// written without spaces 1.6.
public enum TokenEstimate {
    /// The guess for a text.
    public static func tokens(in text: String) -> Int {
        var wide = 0
        var narrow = 0
        for scalar in text.unicodeScalars {
            if isWide(scalar) { wide += 1 } else { narrow += 1 }
        }
        return Int((Double(narrow) / 3.5 + Double(wide) / 1.6).rounded(.up))
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11FF, 0x2E80...0x9FFF, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFF00...0xFFEF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
