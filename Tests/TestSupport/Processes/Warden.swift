import Foundation

/// Kills a child process when this process is gone, however it ended: it holds the reading end of a pipe, and when that
/// closes without a word, the child has been left behind.
final class Warden: Sendable {
    private let lifeline = Pipe()

    init(of child: Int32) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "read -r _ || kill -9 \"$0\"", "\(child)"]
        process.standardInput = lifeline.fileHandleForReading
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// The child has ended.
    func dismiss() {
        try? lifeline.fileHandleForWriting.write(contentsOf: Data("over\n".utf8))
        try? lifeline.fileHandleForWriting.close()
    }
}
