/** Every frame between pages and the server, each checked against the schema. Chromium tells them; Firefox does not. */

import { wrongWith, wrongWithResult } from "./schema.mjs";

export class Frames {
    /** What did not fit the schema. */
    wrong = [];
    /** { who, way: "sent" or "received", frame } */
    seen = [];

    follow(person, page) {
        page.on?.("websocket", (socket) => {
            if (new URL(socket.url()).pathname !== "/ws") return;
            const methods = new Map();
            socket.on("framesent", ({ payload }) => {
                const frame = this.#note(person, "sent", payload);
                if (frame?.id !== undefined) methods.set(frame.id, frame.method);
            });
            socket.on("framereceived", ({ payload }) => {
                const frame = this.#note(person, "received", payload);
                if (frame?.result === undefined) return;
                const found = methods.has(frame.id) ? wrongWithResult(methods.get(frame.id), frame.result) : "answers nothing that was asked";
                if (found) this.wrong.push(`result of ${methods.get(frame.id)}: ${found}`);
            });
        });
    }

    #note(person, way, payload) {
        const frame = JSON.parse(payload);
        const found = wrongWith(way === "sent" ? "ClientFrame" : "ServerFrame", frame);
        if (found) this.wrong.push(`${person.name} ${way} ${frame.method ?? frame.id}: ${found}: ${String(payload).slice(0, 300)}`);
        if (process.env.FRAMES) console.log(`        ${person.name} ${way} ${String(payload).slice(0, Number(process.env.FRAMES))}`);
        this.seen.push({ who: person.name, way, frame });
        return frame;
    }

    /** What somebody sent or received of a method, and what it carried. */
    of = (name, way, method) => this.seen.filter((one) => one.who === name && one.way === way && one.frame.method === method)
        .map(({ frame }) => frame.params);
}
