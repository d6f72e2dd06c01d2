/// What a password must be: 8 characters to 1,024 bytes, and nothing else.
public enum PasswordRules {
    /// The least number of characters: Unicode scalars, as JSON Schema counts them.
    public static let minimumCharacters = 8
    /// The largest number of bytes in UTF-8.
    public static let maximumBytes = 1024

    /// What is wrong with `password`, said of `field`; `nil` when it is fine.
    public static func problem(with password: String, field: String) -> FieldError? {
        if password.utf8.count > maximumBytes {
            FieldError(field, "too_long", "must have at most \(maximumBytes) bytes in UTF-8")
        } else if password.unicodeScalars.count < minimumCharacters {
            FieldError(field, "too_short", "must have at least \(minimumCharacters) characters")
        } else {
            nil
        }
    }
}
