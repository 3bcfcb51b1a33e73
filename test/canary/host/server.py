"""On the target: tells back what it is sent; wants a login under /login/ and /v2/; serves /srv/canary under /login/."""
import json
import pathlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(BaseHTTPRequestHandler):
    def answer(self):
        path = self.path.split("?")[0]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        told = {"headers": dict(self.headers), "url": self.path, "body": body}
        text = json.dumps(told).encode()
        if path.startswith(("/login/", "/v2/")) and "Authorization" not in self.headers:
            return self.send(401, text)
        served = pathlib.Path("/srv/canary" + path.removeprefix("/login"))
        if served.is_dir():
            served /= "index.html"
        if path.startswith("/login/") and served.is_file():
            return self.send(200, served.read_bytes(), "text/html" if served.suffix == ".html" else None)
        is_told = path in ("/told", "/login/told", "/v2/")
        return self.send(200 if is_told else 404, text)

    do_GET = do_HEAD = do_POST = answer

    def send(self, status, content, kind=None):
        self.send_response(status)
        if kind is not None:
            self.send_header("Content-Type", kind)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="canary"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", 8099), Server).serve_forever()
