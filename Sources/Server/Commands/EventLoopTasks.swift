import Foundation
import NIOCore
import NIOPosix

/// Lets Swift's tasks run on SwiftNIO's event loops instead of on a second pool of threads beside them. A request then
/// seldom changes threads, which was a quarter of its processor time. Nothing here blocks, so neither pool would notice.
///
/// SwiftNIO offers the same (`NIOSingletons.unsafeTryInstall…`), but runs each job as if it were isolated to its event
/// loop: every call of an asynchronous function then leaves that isolation and queues the task anew. Here jobs run as
/// they do on the pool: isolated to nothing.
enum EventLoopTasks {
    /// What the runtime calls with each job for the pool, and with what would put it there.
    private typealias Hook =
        @convention(thin) (UnownedJob, @convention(thin) (UnownedJob) -> Void) -> Void

    /// The executor of what is isolated to nothing: zero, by definition of the runtime.
    private static let generic = unsafeBitCast((UInt(0), UInt(0)), to: UnownedSerialExecutor.self)

    /// Takes effect for the whole process. Call it first thing in `main`, before there are other threads.
    /// - Returns: false when this runtime has no such hook, or somebody took it before: then the pool is used.
    @discardableResult
    static func install() -> Bool {
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "swift_task_enqueueGlobal_hook") else { return false }
        let hook = symbol.assumingMemoryBound(to: UnsafeRawPointer?.self)
        guard hook.pointee == nil else { return false }
        let replacement: Hook = { job, _ in
            // The loop this is called on, when it is one.
            MultiThreadedEventLoopGroup.singleton.any().execute {
                job.runSynchronously(on: EventLoopTasks.generic)
            }
        }
        hook.pointee = unsafeBitCast(replacement, to: UnsafeRawPointer.self)
        return true
    }
}
