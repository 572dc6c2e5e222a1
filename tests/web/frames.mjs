/** Every frame between pages and the server, each checked against the schema. Chromium tells them; Firefox does not. */

import { wrongWith, wrongWithResult } from "./schema.mjs";

export class Frames {
    /** What did not fit the schema. */
    wrong = [];
    /** { who, way: "sent" or "received", frame, at } */
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
        this.seen.push({ who: person.name, way, frame, at: Date.now() });
        return frame;
    }

    /** The last frames, a line each: what a failed test is understood by. */
    told(most = 80) {
        const begun = this.seen[0]?.at;
        return this.seen.slice(-most).map(({ who, way, frame, at }) => {
            const { method = "", id = "", error, params = {}, result } = frame;
            const description = params.description ?? params.offer ?? params.answer;
            const fingerprint = /a=fingerprint:\S+ (\S{8})/.exec(description?.sdp ?? "")?.[1] ?? "";
            const rest = error ? `refused ${error.code} ${error.message}` : params.candidates ? `${params.candidates.length} candidates`
                : method === "call.info" ? JSON.stringify(params) : result?.calls ? `${result.resumed ? "resumed" : "new"}, ${result.calls.map(({ state }) => state)}` : "";
            return `${String(at - begun).padStart(6)} ms  ${who} ${way.padEnd(8)} ${id} ${method} ${description?.type ?? ""} ${fingerprint} ${rest}`.trimEnd();
        });
    }

    /** What somebody sent or received of a method, and what it carried. */
    of = (name, way, method) => this.seen.filter((one) => one.who === name && one.way === way && one.frame.method === method)
        .map(({ frame }) => frame.params);
}
