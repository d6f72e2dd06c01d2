import Hummingbird

/// A stand-in for a system outside, served on loopback for tests and for work by hand. Production code reaches it by
/// an address in the settings, as it does the real one.
public protocol LoopbackDouble: Sendable {
    /// Its name in lists: `llm`.
    var name: String { get }

    /// Adds its routes.
    func serve(_ router: Router<BasicRequestContext>)

    /// The settings by which a server uses it, when it is at `address` (`http://127.0.0.1:4711`).
    func environment(_ address: String) -> [(name: String, value: String)]
}
