import Crypto

/// Comparing secrets.
enum ConstantTime {
    /// Whether both texts are the same, and are not empty.
    static func equal(_ left: String, _ right: String) -> Bool {
        // Hashes of one length, so that not even the length is told.
        let (one, other) = (SHA256.hash(data: Array(left.utf8)), SHA256.hash(data: Array(right.utf8)))
        return one == other && !right.isEmpty
    }
}
