/**
 * <xmpp-call to="bob@example.org" token="…">: one button that calls. More attributes: `video`, `label`, `lang`,
 * `url`. Its parts can be styled: ::part(button), ::part(status), ::part(mute), ::part(video). Event "callstate".
 */
import "./de.js";
import { CallError, connect, say, type Call, type Phone, type Word } from "./v1.js";

// A style sheet made by script is let through by a Content-Security-Policy that forbids <style>.
const STYLE = `
:host { display: inline-grid; gap: .5rem; justify-items: start; font: 1rem/1.4 system-ui, sans-serif; color-scheme: light dark; }
:host([hidden]) { display: none; }
div { display: flex; gap: .5rem; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: 0 1.25rem; border: 0; border-radius: 999px;
    color: #fff; background: var(--xmpp-call-accent, #0b6b5b); cursor: pointer; }
button:focus-visible { outline: 3px solid var(--xmpp-call-accent, #0b6b5b); outline-offset: 2px; }
button.on { background: #b3261e; }
button.on:focus-visible { outline-color: #b3261e; }
button.quiet { color: inherit; background: none; box-shadow: inset 0 0 0 1px currentColor; }
p { margin: 0; min-height: 1.4em; }
video { width: min(100%, 30rem); border-radius: .75rem; background: #000; }
[hidden] { display: none; }`;

const part = <K extends keyof HTMLElementTagNameMap>(tag: K, name: string): HTMLElementTagNameMap[K] => {
    const made = document.createElement(tag);
    made.setAttribute("part", name);
    return made;
};

/** Where there is no DOM (a server that renders pages), the class is there to import, and nothing else. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

export class XmppCall extends Base {
    static readonly observedAttributes = ["label", "lang", "to"];
    #phone: Promise<Phone> | undefined;
    #call: Call | undefined;
    #dialling: AbortController | undefined;
    #button = part("button", "button");
    #mute = part("button", "mute");
    #status = part("p", "status");
    #video = part("video", "video");

    constructor() {
        super();
        const root = this.attachShadow({ mode: "open", delegatesFocus: true });
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        root.adoptedStyleSheets = [sheet];
        this.#button.type = this.#mute.type = "button";
        this.#mute.className = "quiet";
        this.#status.setAttribute("role", "status");
        this.#video.hidden = true;
        this.#button.onclick = () => void this.#pressed();
        this.#mute.onclick = () => this.#call?.mute(!this.#call.isMuted());
        const row = document.createElement("div");
        row.append(this.#button, this.#mute);
        root.append(this.#video, row, this.#status);
    }

    connectedCallback(): void {
        this.#show();
    }

    disconnectedCallback(): void {
        this.#dialling?.abort();
        void this.#phone?.then((phone) => phone.close(), () => {});
        this.#phone = undefined;
    }

    attributeChangedCallback(): void {
        this.#show();
    }

    /** The call there is, for pages that want more of it. */
    get call(): Call | undefined {
        return this.#call;
    }

    get #lang(): string {
        return this.lang || document.documentElement.lang || navigator.language;
    }

    async #pressed(): Promise<void> {
        if (this.#call) return this.#call.hangup();
        if (this.#dialling) return this.#dialling.abort();
        this.#dialling = new AbortController();
        const { signal } = this.#dialling;
        this.#show(say("calling", this.#lang));
        try {
            const phone = await this.#connected();
            const wanted = { audio: true, video: this.hasAttribute("video") };
            const call = await phone.call(this.getAttribute("to") ?? undefined, wanted, { signal });
            this.#follow(call);
        } catch (error) {
            this.#show(signal.aborted ? say("user_hangup", this.#lang) : (error instanceof CallError ? error.message : say("error", this.#lang)));
        } finally {
            this.#dialling = undefined;
            this.#show();
        }
    }

    #connected(): Promise<Phone> {
        this.#phone ??= connect({
            token: this.getAttribute("token") ?? "", lang: this.#lang, reload: false,
            ...(this.hasAttribute("url") ? { url: this.getAttribute("url")! } : {}),
        });
        this.#phone.then(
            (phone) => phone.addEventListener("state", ({ detail }) => detail === "closed" && (this.#phone = undefined)),
            () => (this.#phone = undefined));
        return this.#phone;
    }

    #follow(call: Call): void {
        this.#call = call;
        call.attach(this.#video);
        const changed = () => {
            if (call.state === "ended") this.#call = undefined;
            this.#show(call.text);
        };
        call.addEventListener("state", ({ detail }) => {
            changed();
            this.dispatchEvent(new CustomEvent("callstate", { detail, bubbles: true, composed: true }));
        });
        call.addEventListener("change", changed);
        changed();
    }

    #show(text?: string): void {
        const busy = !!this.#call || !!this.#dialling;
        const word = (row: Word) => say(row, this.#lang);
        const to = this.getAttribute("to") ?? "";
        this.#button.textContent = busy ? word("hangup") : this.getAttribute("label") ?? `${word("call")} ${to}`.trim();
        this.#button.className = busy ? "on" : "";
        this.#mute.hidden = !this.#call;
        this.#mute.textContent = word(this.#call?.isMuted() ? "unmute" : "mute");
        this.#video.hidden = !this.#call?.isReceiving("video");
        if (text !== undefined && this.#status.textContent !== text) this.#status.textContent = text;
    }
}

if (globalThis.customElements && !customElements.get("xmpp-call")) customElements.define("xmpp-call", XmppCall);
