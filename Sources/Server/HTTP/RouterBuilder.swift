import HTTPTypes
import Hummingbird

/// Makes Hummingbird's router out of the routes.
enum RouterBuilder {
    /// What a path may be asked for without knowing it; methods which are not HTTP's are broken requests.
    private static let methods: [HTTPRequest.Method] =
        [.get, .post, .put, .patch, .delete, .trace, .connect]
        + [
            "QUERY", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH", "REPORT", "LINK",
            "UNLINK", "PURGE",
        ].compactMap { HTTPRequest.Method($0) }

    /// A router that sends each route through `gateway`, answers OPTIONS and, with 405, the other methods of a known
    /// path, and everything else with 404.
    static func router(_ routes: [Route], gateway: Gateway, entrance: Entrance) -> Router<RequestFrame> {
        let router = Router(context: RequestFrame.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: entrance)
        for (path, routes) in Dictionary(grouping: routes, by: \.path) {
            for route in routes {
                router.on(RouterPath(path), method: route.method) { request, frame in
                    try await gateway.respond(to: request, frame: frame, by: route)
                }
            }
            let known = routes.map(\.method)
            router.on(RouterPath(path), method: .options) { request, frame in
                try await gateway.options(request, frame: frame, allowed: known)
            }
            for method in methods where !known.contains(method) {
                router.on(RouterPath(path), method: method) { request, frame in
                    try await gateway.refuse(request, frame: frame, allowed: known)
                }
            }
        }
        return router
    }
}
