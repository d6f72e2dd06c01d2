import Foundation

/// How many files, connections among them, this process may have open.
enum FileLimit {
    /// Raises the limit as far as the system allows, at most to `wanted`.
    /// - Returns: the limit now.
    static func raise(to wanted: UInt) -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        getrlimit(resource, &limit)
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, wanted))
        setrlimit(resource, &limit)
        return Int(limit.rlim_cur)
    }
}
