import Hummingbird
import Logging

/// The operator's own port: metrics, away from the public.
enum OperationsServer {
    /// Serves `/metrics` and `/livez` on `port`.
    static func application(
        host: String, port: Int, metrics: PrometheusRegistry, logger: Logger
    ) -> some ApplicationProtocol {
        let router = Router()
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
        }
        router.get("livez") { _, _ in "ok\n" }
        return Hummingbird.Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            logger: logger)
    }
}
