import Foundation
import Hummingbird
import Logging

/// Hummingbird alone: the least that any answer of Switchboard can cost on a machine. `script/bench` measures it beside.
///
///     http-limit PORT FILE    GET /constant answers 300 bytes of JSON, GET /page the bytes of FILE
@main
enum HTTPLimit {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let port = Int(arguments[1]),
            let page = FileManager.default.contents(atPath: arguments[2])
        else {
            FileHandle.standardError.write(Data("usage: http-limit PORT FILE\n".utf8))
            exit(2)
        }
        let constant = #"{"id":"0198b2c4","text":""# + String(repeating: "x", count: 272) + #""}"#
        let router = Router()
        for (path, bytes) in [("constant", ByteBuffer(string: constant)), ("page", ByteBuffer(bytes: page))] {
            router.get(RouterPath(path)) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: bytes))
            }
        }
        var logger = Logger(label: "http-limit")
        logger.logLevel = .error
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: logger)
        try await application.runService()
    }
}
