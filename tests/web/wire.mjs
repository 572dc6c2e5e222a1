/**
 * Stands between one page and the server as a proxy does, serves the pages of tests/web/pages beside it, and can be cut:
 * what the page then has is a lost network. Each has an origin of its own, and says another client's address.
 */

import { readFileSync } from "node:fs";
import { createServer, request as askServer } from "node:http";
import { connect } from "node:net";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript" };
let clients = 0;

export class Wire {
    /** What else is served below /test/, by all and by this one: name -> text. */
    static shared = new Map();
    files = new Map();
    #sockets = new Set();
    #cut = false;
    #port = 0;

    async start() {
        this.http = createServer((request, response) => this.#serve(request, response));
        this.http.on("connection", (socket) => (this.#cut ? socket.destroy() : this.#keep(socket)));
        this.http.on("upgrade", (request, near, head) => this.#upgrade(request, near, head));
        await new Promise((resolve) => this.http.listen(0, "127.0.0.1", resolve));
        this.url = `http://127.0.0.1:${this.http.address().port}`;
        return this;
    }
    /** From now on it leads there, for a client nobody has seen before. */
    lead(port) {
        this.#port = port;
        this.#cut = false;
        this.files.clear();
        clients += 1;
        this.client = `198.18.${clients >> 8}.${clients & 255}`;
        return this;
    }

    cut() {
        this.#cut = true;
        for (const socket of this.#sockets) socket.destroy();
    }
    mend() {
        this.#cut = false;
    }
    close() {
        this.cut();
        this.http.close();
    }

    #keep(socket) {
        this.#sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => this.#sockets.delete(socket));
        return socket;
    }

    #serve(request, response) {
        const { pathname, search, searchParams } = new URL(request.url, this.url);
        if (pathname.startsWith("/test/")) return this.#serveOwn(pathname.slice(6), { ...Object.fromEntries(searchParams), search }, response);
        const far = askServer({
            host: "127.0.0.1", port: this.#port, path: request.url, method: request.method,
            headers: { ...request.headers, "x-forwarded-for": this.client },
        }, (answer) => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
        });
        far.on("error", () => response.destroy());
        request.pipe(far);
    }

    /** `{name}` in a page is what the query says of it. */
    #serveOwn(name, query, response) {
        response.setHeader("content-type", TYPES[name.split(".").pop()] ?? "text/plain");
        const text = this.files.get(name) ?? Wire.shared.get(name) ?? readFileSync(new URL(`pages/${name}`, import.meta.url), "utf8");
        response.end(name.endsWith(".html") ? text.replaceAll(/\{(\w+)\}/g, (whole, row) => query[row] ?? whole) : text);
    }

    #upgrade(request, near, head) {
        const far = this.#keep(connect(this.#port, "127.0.0.1"));
        const headers = [];
        for (let at = 0; at < request.rawHeaders.length; at += 2) headers.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
        far.write([`${request.method} ${request.url} HTTP/1.1`, ...headers, `X-Forwarded-For: ${this.client}`, "", ""].join("\r\n"));
        far.write(head);
        for (const [from, to] of [[near, far], [far, near]]) {
            from.on("close", () => to.destroy());
            from.pipe(to);
        }
        near.on("error", () => {});
    }
}
