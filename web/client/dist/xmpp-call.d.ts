/**
 * <xmpp-call to="bob@example.org" token="…">: one button that calls. More attributes: `video`, `label`, `lang`,
 * `url`. Its parts can be styled: ::part(button), ::part(status), ::part(mute), ::part(video). Event "callstate".
 */
import "./de.js";
import { type Call } from "./v1.js";
/** Where there is no DOM (a server that renders pages), the class is there to import, and nothing else. */
declare const Base: typeof HTMLElement;
export declare class XmppCall extends Base {
    #private;
    static readonly observedAttributes: string[];
    constructor();
    connectedCallback(): void;
    disconnectedCallback(): void;
    attributeChangedCallback(): void;
    /** The call there is, for pages that want more of it. */
    get call(): Call | undefined;
}
export {};
