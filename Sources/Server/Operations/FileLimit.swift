import Foundation

/// The number of files and connections that the system lets this process have open. Many systems begin with 1,024 and
/// let a process raise that itself; each event stream is one.
enum FileLimit {
    /// Files that are no connections of clients: the stores', logs, the program's own.
    static let reserved = 256

    /// Raises the limit as far as the system allows.
    /// - Returns: how many files may be open now; nil when the system does not say.
    static func raise() -> Int? {
        #if canImport(Darwin)
        let resource = RLIMIT_NOFILE
        #else
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return nil }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        if setrlimit(resource, &limit) != 0 { limit.rlim_cur = before }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many of the connections that were asked for can be served with so many files. A connection too many waits
    /// then, instead of failing in the middle of what others need a file for.
    static func connections(_ wanted: Int, files: Int?) -> Int {
        guard let files else { return wanted }
        return min(wanted, max(files - reserved, 16))
    }
}
