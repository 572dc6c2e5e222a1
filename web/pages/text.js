/** What the pages say, one row a thing, one column a language. The library's own words are added below the page's. */
import { say, words } from "/client/v1.js";
import "/client/de.js";

export const LANGUAGES = { en: "English", de: "Deutsch" };

const TEXT = {
    sign_in: ["Sign in", "Anmelden"],
    sign_in_lead: ["Make and take calls in this browser.", "Anrufen und angerufen werden, in diesem Browser."],
    address: ["XMPP address", "XMPP-Adresse"],
    address_hint: ["Your own client will ask you to confirm.", "Ihr eigenes Programm bittet Sie um Bestätigung."],
    token: ["Token", "Token"],
    token_hint: ["From the administrator of this service.", "Vom Betreiber dieses Dienstes."],
    use_token: ["Sign in with a token", "Mit einem Token anmelden"],
    use_address: ["Sign in with an XMPP address", "Mit einer XMPP-Adresse anmelden"],
    signing_in: ["Signing in", "Anmeldung läuft"],
    confirm: ["Your XMPP client asks whether this is you. Confirm it if it names the code {code}.",
              "Ihr XMPP-Programm fragt, ob Sie das sind. Bestätigen Sie es, wenn es den Code {code} nennt."],
    sign_out: ["Sign out", "Abmelden"],
    signed_in_as: ["Signed in as", "Angemeldet als"],
    whom: ["Whom do you want to call?", "Wen möchten Sie anrufen?"],
    dial_hint: ["bob@example.org", "bob@example.org"],
    call: ["Call", "Anrufen"],
    video_call: ["Video call", "Videoanruf"],
    call_name: ["Call {name}", "{name} anrufen"],
    video_call_name: ["Video call {name}", "Videoanruf an {name}"],
    contacts: ["Contacts", "Kontakte"],
    no_contacts: ["People you call appear here.", "Hier erscheinen die, die Sie anrufen."],
    callable: ["Reachable", "Erreichbar"],
    not_callable: ["Not reachable", "Nicht erreichbar"],
    forget: ["Remove {name}", "{name} entfernen"],
    recent: ["Recent calls", "Letzte Anrufe"],
    no_recent: ["No calls yet.", "Noch keine Anrufe."],
    outgoing: ["Outgoing", "Ausgehend"],
    incoming: ["Incoming", "Eingehend"],
    missed: ["Missed", "Verpasst"],
    incoming_call: ["Incoming call", "Eingehender Anruf"],
    incoming_video: ["Incoming video call", "Eingehender Videoanruf"],
    accept: ["Accept", "Annehmen"],
    accept_video: ["With video", "Mit Video"],
    decline: ["Decline", "Ablehnen"],
    mute: ["Mute", "Stumm"],
    unmute: ["Unmute", "Ton an"],
    camera: ["Camera", "Kamera"],
    camera_off: ["Camera off", "Kamera aus"],
    camera_switch: ["Other camera", "Andere Kamera"],
    screen: ["Share screen", "Bildschirm"],
    screen_off: ["Stop sharing", "Teilen beenden"],
    hold: ["Hold", "Halten"],
    unhold: ["Go on", "Weiter"],
    keypad: ["Keypad", "Tasten"],
    hangup: ["Hang up", "Auflegen"],
    their_mute: ["{name} has muted the microphone.", "{name} hat das Mikrofon stumm geschaltet."],
    far_picture: ["Picture of {name}", "Bild von {name}"],
    own_picture: ["Your own picture", "Ihr eigenes Bild"],
    settings: ["Devices and notifications", "Geräte und Hinweise"],
    microphone: ["Microphone", "Mikrofon"],
    camera_device: ["Camera", "Kamera"],
    speaker: ["Speaker", "Lautsprecher"],
    device: ["Device {number}", "Gerät {number}"],
    standard: ["Standard", "Standard"],
    language: ["Language", "Sprache"],
    notify: ["Notify me of calls", "Bei Anrufen benachrichtigen"],
    notified: ["You are notified of calls.", "Sie werden bei Anrufen benachrichtigt."],
    not_notified: ["Notifications are blocked in the browser.", "Hinweise sind im Browser gesperrt."],
    lost: ["Connection to the service lost, trying again …", "Verbindung zum Dienst unterbrochen, neuer Versuch …"],
    call_again: ["Call again", "Noch einmal anrufen"],
    close: ["Close", "Schließen"],
    back: ["Back", "Zurück"],
    guest_title: ["Call {name}", "{name} anrufen"],
    guest_lead: ["From this browser, no account needed.", "Mit diesem Browser, ohne Konto."],
    guest_video: ["With my camera", "Mit meiner Kamera"],
    check: ["Check microphone", "Mikrofon prüfen"],
    level: ["Microphone level", "Mikrofonpegel"],
    speak: ["Say something: the bar should move.", "Sagen Sie etwas: Der Balken sollte sich bewegen."],
    opening: ["One moment …", "Einen Augenblick …"],
    no_link: ["This link is not complete.", "Dieser Link ist nicht vollständig."],
    no_link_hint: ["Ask whoever sent it for a new one.", "Bitten Sie um einen neuen."],
    link_over_hint: ["It is not valid any more: used before, run out or withdrawn. Ask whoever sent it for a new one.",
                     "Er gilt nicht mehr: Er wurde schon benutzt, ist abgelaufen oder zurückgezogen. Bitten Sie um einen neuen."],
    link_over: ["This link cannot be used.", "Dieser Link lässt sich nicht benutzen."],
    try_again: ["Try again", "Noch einmal versuchen"],
    duration: ["Duration", "Dauer"],
};

const storage = {
    get: (name) => {
        try { return localStorage.getItem(name); } catch { return null; }
    },
    set: (name, value) => {
        try { localStorage.setItem(name, value); } catch { /* Private windows forget; so be it. */ }
    },
};
export { storage };

function choose() {
    const asked = [new URLSearchParams(location.search).get("lang"), storage.get("carillon.lang"), ...navigator.languages];
    return asked.map((one) => one?.split("-")[0]).find((one) => one in LANGUAGES) ?? "en";
}

export const lang = choose();
const column = Object.keys(LANGUAGES).indexOf(lang);

/** The words for `row`, with {names} filled in; a row of the library's when the pages have none. */
export function t(row, values = {}) {
    const found = TEXT[row]?.[column] ?? (row in words.en ? say(row, lang) : row);
    return found.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Fills in what the markup leaves open: data-text, data-label, data-hint. */
export function translate(root = document) {
    document.documentElement.lang = lang;
    for (const one of root.querySelectorAll("[data-text]")) one.textContent = t(one.dataset.text);
    for (const one of root.querySelectorAll("[data-label]")) one.setAttribute("aria-label", t(one.dataset.label));
    for (const one of root.querySelectorAll("[data-hint]")) one.placeholder = t(one.dataset.hint);
}
