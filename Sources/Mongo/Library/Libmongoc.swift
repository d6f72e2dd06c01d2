internal import CLibmongoc
import Logging
import Synchronization

/// The library's process-wide state.
///
/// `mongoc_init` runs once. `mongoc_cleanup` is never called: it must not run while any pool of the process lives, it
/// cannot be undone, and all it does is give back memory that the end of the process gives back anyway.
enum Libmongoc {
    private static let logger = Mutex(Logger(label: "switchboard.mongoc"))

    private static let started: Void = {
        // Before init, so that nothing is ever printed to standard error.
        mongoc_log_set_handler({ level, domain, message, _ in Libmongoc.log(level, domain, message) }, nil)
        mongoc_init()
    }()

    static func start() { _ = started }

    /// Sends the library's own messages to this logger from now on.
    static func log(to new: Logger) { logger.withLock { $0 = new } }

    private static func log(
        _ level: mongoc_log_level_t, _ domain: UnsafePointer<CChar>?, _ message: UnsafePointer<CChar>?
    ) {
        guard let message else { return }
        let logger = logger.withLock { $0 }
        logger.debug(
            "libmongoc: \(String(cString: message))",
            metadata: [
                "domain": "\(domain.map { String(cString: $0) } ?? "")", "level": "\(level.rawValue)",
            ])
    }
}
