"""A company's own site on another origin, with the chat's tag on it."""

import http.server
import threading

import settings

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Another site</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body><main><h1>Another site</h1><p>Words of the page.</p></main>
<script src="{url}/widget.js" data-key="{key}" {attributes} async></script></body></html>"""

# Nothing is allowed but the chat's own origin: no inline script, no inline style, no images, no frames, no eval.
STRICT = "default-src 'none'; script-src {url}; connect-src {url}; require-trusted-types-for 'script'"


class Site:
    """Serves one page until it is closed; `policy` is its Content-Security-Policy."""

    def __init__(self, key, head="", policy="", lang="en", attributes=""):
        page = PAGE.format(url=settings.URL, key=key, head=head, lang=lang, attributes=attributes).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if policy:
                    self.send_header("Content-Security-Policy", policy.format(url=settings.URL))
                self.end_headers()
                self.wfile.write(page if self.path == "/" else b"")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
