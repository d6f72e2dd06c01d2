import Foundation
import HTTPTypes

/// The pages for browsers and the files they need.
struct PageRoutes: RouteGroup {
    let files: WebFiles
    /// The widget key which `/demo` shows its chat with.
    let demoKey: String?

    /// Only what the server itself serves runs on its pages.
    private static let pagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

    var routes: [Route] {
        [
            page("/docs", "docs.html", "The API, readable."),
            page("/inbox", "inbox.html", "The company's side of its conversations."),
            demo,
            file("/widget.js", "The web chat, for one tag on any site.") { _ in "widget.js" },
            file("/assets/{file}", "What the pages need.") { call in try "assets/" + call.name("file") },
            file("/assets/inbox/{file}", "What the inbox needs.") { call in try "assets/inbox/" + call.name("file") },
        ]
    }

    private func page(_ path: String, _ name: String, _ summary: String) -> Route {
        file(path, summary) { _ in name }
    }

    private func file(
        _ path: String, _ summary: String, _ name: @escaping @Sendable (Call) throws -> String
    ) -> Route {
        Route(
            method: .get, path: path, summary: summary, tag: "Pages", access: .open,
            answers: [.init(status: 200, schema: .text(), summary: "The file.", mediaType: "text/html")]
        ) { call in
            guard let file = try files[name(call)] else { throw Problem.notFound }
            var answer = Answer(
                status: .ok,
                headers: [
                    .contentType: file.type, .eTag: file.etag, .cacheControl: "no-cache", .vary: "Accept-Encoding",
                    .contentSecurityPolicy: Self.pagePolicy,
                ], body: .bytes(file.bytes))
            if let gzip = file.gzip, Gzip.isAccepted(by: call.request.headers[.acceptEncoding]) {
                answer.headers[.contentEncoding] = "gzip"
                // Other bytes, another strong tag.
                answer.headers[.eTag] = file.etag.dropLast() + "-gzip\""
                answer.body = .bytes(gzip)
            }
            // The widget runs on other people's pages.
            answer.headers[.accessControlAllowOrigin] = path == "/widget.js" ? "*" : nil
            return answer
        }
    }

    private var demo: Route {
        Route(
            method: .get, path: "/demo", summary: "A shop page with the web chat on it.", tag: "Pages", access: .open,
            answers: [.init(status: 200, schema: .text(), summary: "The page.", mediaType: "text/html")]
        ) { _ in
            guard let file = files["demo.html"] else { throw Problem.notFound }
            let key = demoKey ?? ""
            let page = String(decoding: file.bytes, as: UTF8.self).replacing("{{WIDGET_KEY}}", with: key)
            var answer = Answer.text(page, type: file.type)
            answer.headers[.contentSecurityPolicy] = Self.pagePolicy
            answer.headers[.cacheControl] = "no-store"
            return answer
        }
    }
}
